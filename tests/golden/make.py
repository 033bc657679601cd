"""Write the golden files from the Python reference: `python -m tests.golden.make`.

Both pytest and node read them, so the Python and JavaScript twins of the tour, and of the layers that the
page Method explains, cannot drift apart.
Names are in snake case; matrices are flat and row-major, as the JavaScript twins hold them.
"""

import json
from pathlib import Path

import numpy as np

from gt import tour
from gt.figures.names import middle
from gt.layers.operators.convolution import Convolution
from gt.layers.operators.pooling import Pooling

FOLDER = Path(__file__).parent
SEEN = 2


def flat(m):
    return np.asarray(m, dtype=np.float64).reshape(-1).tolist()


def random():
    triples = [
        (0, 0, 0),
        (0, 0, 1),
        (1, 0, 0),
        (0, 1, 0),
        (-1, 7, 12345),
        (2**32 - 1, 2**31, 2**32 - 1),
    ]
    return {
        "uniform": [[*t, float(tour.uniform(*t))] for t in triples],
        "normals": [
            {"seed": s, "stream": k, "values": flat(tour.normals(s, k, n))}
            for s, k, n in [(0, 0, 6), (3, 1, 5), (2026, 99, 1), (4, 4, 0)]
        ],
    }


def frames():
    rough = tour.normals(1, 50, 16).reshape(4, 4)
    dependent = rough.copy()
    dependent[2] = dependent[0] - 2 * dependent[1]
    dependent[3] = 0
    return {
        "star": [{"p": p, "matrix": flat(tour.star_frame(p))} for p in (1, 2, 3, 4, 10)],
        "random": [
            {"p": p, "seed": s, "matrix": flat(tour.random_frame(p, s))}
            for p, s in [(1, 0), (2, 3), (3, 3), (10, 0), (10, 7)]
        ],
        "gram_schmidt": [
            {"p": 4, "first": f, "input": flat(m), "matrix": flat(tour.gram_schmidt(m, f))}
            for m in (rough, dependent)
            for f in (0, 2, 3)
        ],
        "complete": [
            {"p": len(v), "columns": flat(v), "matrix": flat(tour.complete_frame(v))}
            for v in (np.array([[-3.0, 1.0]]), rough[:2, :2], rough[:, :2], np.eye(5)[:, 3:1:-1])
        ],
        "rotate": [
            {
                "p": p,
                "input": flat(m),
                "a": flat(a),
                "b": flat(b),
                "angle": angle,
                "plane": flat(tour.rotate_plane(m, a, b, angle)),
                "view": flat(tour.rotate_view(m, a, b, angle)),
                "columns": flat(tour.rotate_columns(m, angle)),
            }
            for p, angle in [(2, 0.3), (3, -2.0), (10, 3.0)]
            for m, a, b in [(tour.random_frame(p, 5), tour.normals(6, 6, p), tour.normals(6, 7, p))]
        ],
    }


def path(p, seed, times, speed=1.0):
    moving = tour.create_grand_tour(p, seed=seed, speed=speed)
    states = []
    before = 0.0
    for t in times:
        moving.advance(t - before)
        before = t
        states.append({"time": t, "columns": flat(moving.matrix[:, :SEEN])})
    return {"p": p, "seed": seed, "speed": speed, "states": states}


def grand_tour():
    return {
        "paths": [
            path(1, 0, [0.5]),
            path(2, 1, [0.01, 1.0, 20.0]),
            path(3, 2, [0.01, 0.1, 1.0, 10.0, 60.0]),
            path(10, 0, [0.016, 0.02, 1.0, 1.51, 10.0, 60.0, 120.0]),
            path(10, 12345, [3.0, 30.0], speed=2.5),
            path(64, 7, [0.5, 20.0]),
        ]
    }


def drag():
    cases = []
    for p, start in [(1, "star"), (2, "random"), (3, "random"), (10, "star"), (10, "identity")]:
        m = {"star": tour.star_frame, "identity": tour.identity}.get(
            start, lambda p: tour.random_frame(p, 11)
        )(p)
        case = {"p": p, "input": flat(m), "steps": []}
        for k, (x, y) in enumerate(
            [(0.3, 0.4), (0.31, 0.42), (0.9, -0.1), (3.0, 4.0), (-0.5, 0.0)]
        ):
            i = k % min(p, 3)
            m = tour.drag_handle(m, i, x, y)
            case["steps"].append({"i": i, "x": x, "y": y, "matrix": flat(m)})
        cases.append(case)
    centroids = []
    for p in (2, 3, 10):
        m = tour.random_frame(p, 21)
        c = tour.normals(8, p, p)
        seen = c @ m[:, :SEEN]
        for dx, dy in [(0.1, -0.2), (1.5, 0.5), (0.0, 0.0), tuple(-2 * seen)]:
            result = tour.drag_centroid(m, c, dx, dy)
            centroids.append(
                {
                    "p": p,
                    "input": flat(m),
                    "c": flat(c),
                    "dx": float(dx),
                    "dy": float(dy),
                    "matrix": flat(result),
                }
            )
    return {"handles": cases, "centroids": centroids}


def geodesic():
    cases = []
    for p in (1, 2, 3, 4, 10):
        for s in (1, 2):
            start, end = tour.random_frame(p, s), tour.random_frame(p, s + 30)
            way = tour.create_geodesic(start, end)
            cases.append(
                {
                    "p": p,
                    "from": flat(start),
                    "to": flat(end),
                    "angle": way.angle,
                    "at": [{"u": u, "matrix": flat(way.at(u))} for u in (0.0, 0.25, 0.5, 0.9, 1.0)],
                }
            )
    return {"cases": cases}


def project():
    cases = []
    for p, n in [(1, 3), (2, 4), (3, 9), (10, 6)]:
        a = np.floor(65536 * tour.uniform(1, p, np.arange(n * p))).reshape(n, p)
        b = np.floor(65536 * tour.uniform(2, p, np.arange(n * p))).reshape(n, p)
        m = tour.random_frame(p, 3)
        for t in (0.0, 0.3, 1.0):
            scales = (1.5e-5, -0.2, 3e-5, 0.1)
            args = (a, *scales[:2], b, *scales[2:], t)
            still = (a, *scales[:2], None, 1.0, 0.0, t)
            cases.append(
                {
                    "p": p,
                    "n": n,
                    "matrix": flat(m),
                    "a": a.astype(int).reshape(-1).tolist(),
                    "b": b.astype(int).reshape(-1).tolist(),
                    "scales": scales,
                    "t": t,
                    "positions": flat(tour.project_slice(m, *args)),
                    "still": flat(tour.project_slice(m, *still)),
                    "indices": [0, n - 1],
                    "centroid": flat(tour.centroid([0, n - 1], *args)),
                }
            )
    return {"cases": cases}


def drag_points():
    squares = [(p, tour.normals(9, p, p * p).reshape(p, p)) for p in (1, 2, 3, 5, 10)]
    squares += [(p, m[::-1]) for p, m in squares[1:]]  # of the other determinant, or both alike
    squares.append((3, np.outer([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]) + np.diag([1e-3, 2e-3, 3e-3])))
    modes = {"rotate": [], "fit": [], "spread": []}
    for p, n, selected in [
        (2, 9, [0, 3, 4]),
        (3, 12, [1, 5]),
        (5, 3, [0, 1, 2]),
        (10, 30, [2, 3, 5, 7, 11, 13]),
        (32, 20, [0, 4, 8, 12]),
    ]:
        seed, stream = 40 + p, 70
        frame, points = tour.random_frame(p, seed), tour.normals(seed, stream, n * p).reshape(n, p)
        case = {"p": p, "n": n, "seed": seed, "stream": stream, "selected": selected}
        case["plane"] = flat(tour.principal_plane(points, selected))
        steps = [(0.1, -0.2), (0.0, 0.0), (1.5, 0.5), (-4.0, 3.0), (1e9, -1e9)]
        for mode, cases in modes.items():
            drag = tour.create_drag(mode, frame, points, selected)
            done = [
                {"dx": x, "dy": y, "matrix": flat(drag.at(x, y))}
                for x, y in (steps if p <= 10 else steps[:1])
            ]
            cases.append({**case, "steps": done})
    return {
        "polar": [
            {
                "p": p,
                "input": flat(m),
                "factor": flat(tour.polar_factor(m)),
                "rotation": flat(tour.polar_rotation(m)),
            }
            for p, m in squares
        ],
        **modes,
    }


def displacements(p, m, seed):
    """Some that move more along some directions than along others, a few not at all."""
    rows = tour.normals(seed, 80, m * p).reshape(m, p) * np.linspace(3, 0.2, p)
    rows[::7] = 0
    return rows @ tour.random_frame(p, seed)


def meter():
    cases = []
    for p, m, turns in [(1, 6, 3), (2, 8, 3), (3, 20, 8), (10, 30, 30)]:
        rows = displacements(p, m, p)
        moving, told = tour.create_grand_tour(p, seed=4), tour.Meter(rows)
        looks = []
        for _ in range(turns):
            told.look(moving.matrix)
            squares = tour.drawn_squares(rows, moving.matrix)
            rho = [None if np.isnan(one) else one for one in told.rho(moving.matrix)]
            looks.append(
                {
                    "columns": flat(moving.matrix[:, :SEEN]),
                    "drawn": flat(squares),
                    "seen": flat(told.seen(moving.matrix)),
                    "turned": told.turned,
                    "rho": rho,
                    "share": tour.drawn_share(rows, moving.matrix),
                }
            )
            moving.advance(0.1)
        cases.append({"p": p, "m": m, "rows": flat(rows), "looks": looks})
    lists = [[0, 0, 0, 1, 2, 2], [3, 1, 2], [1, 1 + 1e-12, 1, 2], [5], [0, 0]]
    return {
        "cases": cases,
        "ranks": [
            {"values": one, "equal": equal, "ranks": flat(tour.average_ranks(one, equal))}
            for one in lists
            for equal in (0.0, 1e-9)
        ],
        "pairs": [{"m": m, "partners": tour.pair_partners(m).tolist()} for m in (0, 1, 2, 3, 50)],
    }


def complete():
    cases = []
    sizes = [(1, 4), (2, 6), (3, 12), (4, 9), (10, 40), (15, 30)]
    leading = [(12, 40, 3), (21, 9, 8), (9, 5, 1)]  # with as many stops at most
    for p, m, *most in [*sizes, *leading]:
        rows = displacements(p, m, 20 + p)
        for centred in (False, True):
            whole = tour.complete_tour(rows, centred, *most)
            visited = [k % 2 == 0 for k in range(whole.stops)]
            cases.append(
                {
                    "p": p,
                    "m": m,
                    "centred": centred,
                    **({"most": most[0]} if most else {}),
                    "rows": flat(rows),
                    "shares": flat(whole.shares),
                    "columns": [flat(whole.columns(k)) for k in range(whole.stops)],
                    "visited": visited,
                    "seen": flat(whole.seen(rows, visited)),
                }
            )
    return {"cases": cases}


def layers():
    """Layers as matrices: each is what it makes of the unit vectors; singular values are numpy's."""
    convolutions = []
    for side, size, padding, stride in [(6, 3, 0, 1), (6, 3, 1, 1), (6, 3, 1, 2), (5, 2, 0, 3)]:
        kernel = tour.normals(side + padding, 80, size * size).reshape(1, 1, size, size)
        layer = Convolution(kernel, (1, side, side), stride=stride, padding=padding)
        matrix = layer.apply(np.eye(side * side))
        convolutions.append(
            {
                "side": side,
                "size": size,
                "padding": padding,
                "stride": stride,
                "kernel": flat(kernel),
                "matrix": flat(matrix),
                "sigma": flat(np.linalg.svd(matrix, compute_uv=False)),
            }
        )
    poolings = []
    for side, size in [(4, 2), (6, 3), (6, 2)]:
        layer = Pooling.of((1, side, side), (1, side // size, side // size), kernel=size)
        image = tour.normals(side, 81, side * side)
        poolings.append(
            {
                "side": side,
                "size": size,
                "matrix": flat(layer.apply(np.eye(side * side))),
                "sigma": flat(layer.triplets(side * side)[1]),
                "image": flat(image),
                "average": flat(layer.apply(image[None])),
                "largest": flat(layer.largest(image[None])),
            }
        )
    return {"convolutions": convolutions, "poolings": poolings}


def names():
    """Names, and what of them fits into so many characters; letters beyond sixteen bits count as one."""
    whole = [
        "cat",
        "great white shark, white shark, man-eater, man-eating shark",
        "features.12.block.3.attention.out_proj",
        "naïve 🐈 of the 🏔️ mountains",
        "a b c d e f g h i j",
    ]
    return {
        "cases": [
            {"name": name, "most": most, "cut": middle(name, most)}
            for name in whole
            for most in (3, 4, 12, 13, 24, 60)
        ]
    }


FILES = {
    "random": random,
    "frames": frames,
    "grand_tour": grand_tour,
    "drag": drag,
    "drag_points": drag_points,
    "geodesic": geodesic,
    "project": project,
    "meter": meter,
    "complete": complete,
    "layers": layers,
    "names": names,
}


def text(name):
    """The content of one golden file, one case a line so that a change can be read in a diff."""
    parts = []
    for key, cases in FILES[name]().items():
        lines = ",\n".join(json.dumps(case) for case in cases)
        parts.append(f"{json.dumps(key)}: [\n{lines}\n]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    for file in FILES:
        (FOLDER / f"{file}.json").write_text(text(file), encoding="utf-8")
