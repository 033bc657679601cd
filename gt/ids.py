"""Every component id, spelt once. JavaScript is handed what it needs of them."""

# the shell around all pages
SELECTION_STORE = "selection-store"
RUN_STORE = "run-store"
SHELL_MOUNT_STORE = "shell-mount-store"
SHELL_SINK = "shell-sink-store"
NAVBAR_LINKS = "navbar-links"

# /
HOME_ANNOUNCEMENT_STORE = "home-announcement-store"
HOME_MOUNT_STORE = "home-mount-store"
HOME_SINK = "home-sink-store"
HOME_GRAPH = "home-graph"

# /grand-tour
TOUR_RUN = "grand-tour-run"
TOUR_LAYER = "grand-tour-layer"
TOUR_COLOR = "grand-tour-color"
TOUR_PACE = "grand-tour-pace"
TOUR_CHOICE_SINK = "grand-tour-choice-sink-store"
TOUR_ANNOUNCEMENT_STORE = "grand-tour-announcement-store"
TOUR_MOUNT_STORE = "grand-tour-mount-store"
TOUR_SINK = "grand-tour-sink-store"
TOUR_CSV_STORE = "grand-tour-csv-store"
TOUR_DOWNLOAD = "grand-tour-download"
TOUR_ALERT = "grand-tour-alert"
TOUR_TRAIN_GRAPH = "grand-tour-train-graph"
TOUR_TEST_GRAPH = "grand-tour-test-graph"
