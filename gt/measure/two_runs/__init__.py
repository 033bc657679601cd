"""What is the same and what is not in two runs: common points, layers and epochs; one frame for both; how far apart."""
