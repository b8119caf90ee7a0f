"""hnswlib: HNSW graphs, and exact search by its brute-force index, on one thread whatever the setting."""

import os
import tempfile

import about
import hnswlib
import resident
import timing

NAME = "hnswlib"
VERSION = about.version(hnswlib, "hnswlib")
ABOUT = []
METHODS = {"graphBuild": ["Index"], "graphMemory": ["Index"], "graphSize": ["Index"], "graphSearch": ["Index"]}
if hasattr(hnswlib, "BFIndex"):
    METHODS.update({"flatBatch": ["BFIndex"], "flatSingle": ["BFIndex"]})

_flat = {}
_graphs = {}


def flat_batch(request):
    index = _index(request)
    seconds, (ids, _) = timing.passes(lambda: index.knn_query(request.queries, request.neighbours), request.seconds)
    return {"seconds": seconds, "ids": ids}


def flat_single(request):
    index, queries = _index(request), request.queries

    def one_by_one():
        for i in range(len(queries)):
            index.knn_query(queries[i : i + 1], request.neighbours)

    return {"seconds": timing.passes(one_by_one, request.seconds)[0]}


def graph_build(request):
    _graphs.clear()
    base = request.base
    with resident.Growth() as growth:
        index = hnswlib.Index(space=request.metric, dim=base.shape[1])
        index.init_index(max_elements=len(base), ef_construction=request.efConstruction, M=request.links, random_seed=request.seed)
        seconds, _ = timing.once(lambda: index.add_items(base, num_threads=request.threads))
    _graphs[_shape(request)] = index, growth.bytes
    return {"seconds": seconds}


def graph_memory(request):
    return {"bytes": _graph(request)[1]}


def graph_size(request):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "index.bin")
        _graph(request)[0].save_index(path)
        return {"bytes": os.path.getsize(path)}


def graph_search(request):
    index, _ = _graph(request)
    index.set_ef(request.ef)
    seconds, (ids, _) = timing.passes(
        lambda: index.knn_query(request.queries, request.neighbours, num_threads=request.threads), request.seconds
    )
    return {"seconds": seconds, "ids": ids}


def _shape(request):
    return request.basePath, request.metric, request.links, request.efConstruction


def _graph(request):
    if _shape(request) not in _graphs:
        graph_build(request)
    return _graphs[_shape(request)]


def _index(request):
    if request.basePath not in _flat:
        index = hnswlib.BFIndex(space="l2", dim=request.base.shape[1])
        index.init_index(max_elements=len(request.base))
        index.add_items(request.base)
        _flat[request.basePath] = index
    return _flat[request.basePath]


TASKS = {
    "flatBatch": flat_batch,
    "flatSingle": flat_single,
    "graphBuild": graph_build,
    "graphMemory": graph_memory,
    "graphSize": graph_size,
    "graphSearch": graph_search,
}
