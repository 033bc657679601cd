"""Small files of every kind that is opened, as bytes."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pyarrow as pa
from PIL import Image
from pyarrow import parquet

N = 12


def _table() -> pa.Table:
    rng = np.random.default_rng(0)
    return pa.table(
        {
            "id": np.arange(N),
            "width": rng.normal(size=N),
            "height": 100 * rng.normal(size=N).astype(np.float32),
            "species": ["ant", "bee", None] * (N // 3),
            "taken": np.datetime64("2024-01-01") + np.arange(N),
            "vector": [list(map(float, row)) for row in rng.normal(size=(N, 3))],
        }
    )


def _parquet() -> bytes:
    out = io.BytesIO()
    parquet.write_table(_table(), out)
    return out.getvalue()


def _ipc() -> bytes:
    out, table = io.BytesIO(), _table()
    with pa.ipc.new_file(out, table.schema) as file:
        file.write_table(table)
    return out.getvalue()


def _stream() -> bytes:
    out, table = io.BytesIO(), _table()
    with pa.ipc.new_stream(out, table.schema) as file:
        file.write_table(table)
    return out.getvalue()


def npy(a: np.ndarray, version: tuple[int, int] | None = None) -> bytes:
    """An array in numpy's format."""
    out = io.BytesIO()
    np.lib.format.write_array(out, a, version)
    return out.getvalue()


def npz(**arrays: np.ndarray) -> bytes:
    """Arrays in a zip archive."""
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def safetensors(**arrays: np.ndarray) -> bytes:
    """Arrays behind a head of JSON."""
    from safetensors.numpy import save

    return save(arrays)


def png(w: int = 6, h: int = 5, seed: int = 0, mode: str = "RGB") -> bytes:
    """A picture of noise."""
    out = io.BytesIO()
    values = np.random.default_rng(seed).integers(0, 256, (h, w, 3), dtype=np.uint8)
    Image.fromarray(values).convert(mode).save(out, "PNG")
    return out.getvalue()


def bomb(claimed: int = 2**40) -> bytes:
    """A small .npz whose array says to be very large, and would be if it were unpacked as far as it goes."""
    out = io.BytesIO()
    head = npy(np.zeros((1, 4)))[:-32].replace(b"(1, 4)", f"({claimed // 32}, 4)".encode())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", head + bytes(2**22))
    return out.getvalue()


CSV = (
    "id,width,height,species\n"
    + "".join(f"{i},{i / 3:.3f},{100 - i},{['ant', 'bee', 'cow'][i % 3]}\n" for i in range(N))
).encode()
PBTXT = b"""# a comment
embeddings {
  tensor_name: "words"
  tensor_path: "tensors.tsv"
  metadata_path: "metadata.tsv"
  sprite { image_path: "sprite.png" single_image_dim: 4 single_image_dim: 3 }
}
"""
X = np.random.default_rng(1).normal(size=(N, 4))
WHOLE = {
    "a.csv": CSV,
    "b.tsv": CSV.replace(b",", b"\t").decode().encode("utf-16"),
    "c.txt": b"\xef\xbb\xbf" + CSV.replace(b",", b";"),
    "d.parquet": _parquet(),
    "e.arrow": _ipc(),
    "f.feather": _stream(),
    "g.npy": npy(X),
    "h.npy": npy(np.asfortranarray(X.astype(">f4"))),
    "i.npz": npz(x=X, y=np.arange(N) % 3, names=np.array(["é"] * N)),
    "j.safetensors": safetensors(embeddings=X, labels=np.arange(N) % 2),
    "k.npy": npy(np.arange(N * 30, dtype=np.uint8).reshape(N, 5, 6)),
    "l.npy": npy(np.random.default_rng(2).normal(size=(3, N, 2))),
}
DEMO = json.dumps(
    {
        "embeddings": [
            {
                "tensorName": "Word2Vec 10K",
                "tensorShape": [N, 4],
                "tensorPath": "tensors.bytes",
                "metadataPath": "labels.tsv",
            }
        ]
    }
).encode()
