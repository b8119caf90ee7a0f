"""hnswlib: exact search by its brute-force index, on one thread whatever the setting."""

import about
import hnswlib
import timing

NAME = "hnswlib"
VERSION = about.version(hnswlib, "hnswlib")
ABOUT = []
METHODS = {"flatBatch": ["BFIndex"], "flatSingle": ["BFIndex"]} if hasattr(hnswlib, "BFIndex") else {}

_flat = {}


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


def _index(request):
    if request.basePath not in _flat:
        index = hnswlib.BFIndex(space="l2", dim=request.base.shape[1])
        index.init_index(max_elements=len(request.base))
        index.add_items(request.base)
        _flat[request.basePath] = index
    return _flat[request.basePath]


TASKS = {"flatBatch": flat_batch, "flatSingle": flat_single}
