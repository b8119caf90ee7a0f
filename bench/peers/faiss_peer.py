"""FAISS: k-means, exact search, inverted files of product codes."""

import about
import faiss
import timing

NAME = "FAISS"
VERSION = about.version(faiss, "faiss-cpu")
ABOUT = [f"compile options {faiss.get_compile_options().strip()}"]
METHODS = {
    "kMeans": ["Kmeans"] + (["SuperKmeans"] if hasattr(faiss, "SuperKmeans") else []),
    "flatBatch": ["IndexFlatL2"],
    "flatSingle": ["IndexFlatL2"],
    "ivfPqTrain": ["IndexIVFPQ"],
    "ivfPqAdd": ["IndexIVFPQ"],
    "ivfPqSize": ["IndexIVFPQ"],
    "ivfPqSearch": ["IndexIVFPQ"],
}

ALL_POINTS = 2**31 - 1
_flat = {}
_trained = {}


def k_means(request):
    settings = dict(niter=request.iterations, seed=request.seed, max_points_per_centroid=ALL_POINTS, min_points_per_centroid=1)
    means = getattr(faiss, request.method)(request.base.shape[1], request.clusters, **settings)
    seconds, _ = timing.once(lambda: means.train(request.base))
    return {"seconds": seconds, "centroids": means.centroids}


def flat_batch(request):
    index = _flat_index(request)
    seconds, (_, ids) = timing.passes(lambda: index.search(request.queries, request.neighbours), request.seconds)
    return {"seconds": seconds, "ids": ids}


def flat_single(request):
    index, queries = _flat_index(request), request.queries

    def one_by_one():
        for i in range(len(queries)):
            index.search(queries[i : i + 1], request.neighbours)

    return {"seconds": timing.passes(one_by_one, request.seconds)[0]}


def ivf_pq_train(request):
    index = faiss.index_factory(request.base.shape[1], f"IVF{request.lists},PQ{request.subquantizers}", faiss.METRIC_L2)
    seconds, _ = timing.once(lambda: index.train(request.base))
    _trained.clear()
    _trained[_shape(request)] = index
    return {"seconds": seconds}


def ivf_pq_add(request):
    if _shape(request) not in _trained:
        ivf_pq_train(request)
    index = _trained[_shape(request)]
    index.reset()
    seconds, _ = timing.once(lambda: index.add(request.base))
    return {"seconds": seconds}


def ivf_pq_size(request):
    return {"bytes": int(faiss.serialize_index(_filled(request)).nbytes)}


def ivf_pq_search(request):
    index = _filled(request)
    index.nprobe = request.probes
    seconds, (_, ids) = timing.passes(lambda: index.search(request.queries, request.neighbours), request.seconds)
    return {"seconds": seconds, "ids": ids}


def _flat_index(request):
    if request.basePath not in _flat:
        index = faiss.IndexFlatL2(request.base.shape[1])
        index.add(request.base)
        _flat[request.basePath] = index
    return _flat[request.basePath]


def _shape(request):
    return request.basePath, request.lists, request.subquantizers


def _filled(request):
    if _shape(request) not in _trained or _trained[_shape(request)].ntotal == 0:
        ivf_pq_add(request)
    return _trained[_shape(request)]


TASKS = {
    "kMeans": k_means,
    "flatBatch": flat_batch,
    "flatSingle": flat_single,
    "ivfPqTrain": ivf_pq_train,
    "ivfPqAdd": ivf_pq_add,
    "ivfPqSize": ivf_pq_size,
    "ivfPqSearch": ivf_pq_search,
}
