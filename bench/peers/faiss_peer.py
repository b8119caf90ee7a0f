"""FAISS: k-means, exact search, inverted files, HNSW graphs, rotations, residual and scalar codes."""

import about
import faiss
import resident
import timing

NAME = "FAISS"
VERSION = about.version(faiss, "faiss-cpu")
ABOUT = [f"compile options {faiss.get_compile_options().strip()}"]
METHODS = {
    "kMeans": ["Kmeans"] + (["SuperKmeans"] if hasattr(faiss, "SuperKmeans") else []),
    "flatBatch": ["IndexFlatL2"],
    "flatSingle": ["IndexFlatL2"],
    "ivfTrain": [""],
    "ivfAdd": [""],
    "ivfSize": [""],
    "ivfSearch": [""],
    "graphBuild": ["IndexHNSWFlat"],
    "graphMemory": ["IndexHNSWFlat"],
    "graphSize": ["IndexHNSWFlat"],
    "graphSearch": ["IndexHNSWFlat"],
    "rotation": ["OPQMatrix"],
    "residual": ["plain", "progressive"],
    "scalarScan": ["IndexScalarQuantizer"],
}

ALL_POINTS = 2**31 - 1
METRICS = {"l2": faiss.METRIC_L2, "cosine": faiss.METRIC_INNER_PRODUCT}  # vectors for the cosine have length 1
CODES = {"SQ8": "QT_8bit", "SQfp16": "QT_fp16", "SQbf16": "QT_bf16"}
_scalar = {}
_flat = {}
_trained = {}
_graphs = {}


def k_means(request):
    settings = dict(niter=request.iterations, seed=request.seed, max_points_per_centroid=ALL_POINTS, min_points_per_centroid=1)
    means = getattr(faiss, request.method)(request.base.shape[1], request.clusters, **settings)
    seconds, _ = timing.once(lambda: means.train(request.base))
    return {"seconds": seconds, "centroids": means.centroids}


def flat_batch(request):
    return _search(_flat_index(request), request)


def flat_single(request):
    index, queries = _flat_index(request), request.queries

    def one_by_one():
        for i in range(len(queries)):
            index.search(queries[i : i + 1], request.neighbours)

    return {"seconds": timing.passes(one_by_one, request.seconds)[0]}


def ivf_train(request):
    index = faiss.index_factory(request.base.shape[1], request.specification, METRICS[request.metric])
    seconds, _ = timing.once(lambda: index.train(request.base))
    _trained.clear()
    _trained[_shape(request)] = index
    return {"seconds": seconds}


def ivf_add(request):
    if _shape(request) not in _trained:
        ivf_train(request)
    index = _trained[_shape(request)]
    index.reset()
    seconds, _ = timing.once(lambda: index.add(request.base))
    return {"seconds": seconds}


def ivf_size(request):
    return {"bytes": int(faiss.serialize_index(_filled(request)).nbytes)}


def ivf_search(request):
    index = _filled(request)
    index.nprobe = request.probes
    return _search(index, request)


def graph_build(request):
    _graphs.clear()
    base = request.base
    with resident.Growth() as growth:
        index = faiss.IndexHNSWFlat(base.shape[1], request.links, METRICS[request.metric])
        index.hnsw.efConstruction = request.efConstruction
        seconds, _ = timing.once(lambda: index.add(base))
    _graphs[_shape(request)] = index, growth.bytes
    return {"seconds": seconds}


def graph_memory(request):
    return {"bytes": _graph(request)[1]}


def graph_size(request):
    return {"bytes": int(faiss.serialize_index(_graph(request)[0]).nbytes)}


def graph_search(request):
    index, _ = _graph(request)
    index.hnsw.efSearch = request.ef
    return _search(index, request)


def rotation(request):
    part = request.part
    matrix = faiss.OPQMatrix(part.shape[1], request.parts, request.outputs)
    matrix.niter = request.iterations
    seconds, _ = timing.once(lambda: matrix.train(part))
    return {"seconds": seconds, "centroids": faiss.vector_to_array(matrix.A)}


def residual(request):
    part = request.part
    quantizer = faiss.ResidualQuantizer(part.shape[1], request.parts, 8)
    quantizer.max_beam_size = 1
    quantizer.train_type = {"plain": faiss.ResidualQuantizer.Train_default, "progressive": faiss.ResidualQuantizer.Train_progressive_dim}[request.method]
    seconds, _ = timing.once(lambda: quantizer.train(part))
    return {"seconds": seconds, "centroids": faiss.vector_to_array(quantizer.codebooks)}


def scalar_scan(request):
    if _scalar.get("key") != (request.basePath, request.specification):
        index = faiss.IndexScalarQuantizer(request.base.shape[1], getattr(faiss.ScalarQuantizer, CODES[request.specification]), METRICS[request.metric])
        index.train(request.base)
        index.add(request.base)
        _scalar.update(key=(request.basePath, request.specification), index=index)
    index, queries, ids = _scalar["index"], request.queries, []

    def one_by_one():
        ids[:] = [index.search(queries[i : i + 1], request.neighbours)[1] for i in range(len(queries))]

    seconds, _ = timing.passes(one_by_one, request.seconds)
    return {"seconds": seconds, "ids": ids}


def _search(index, request):
    seconds, (_, ids) = timing.passes(lambda: index.search(request.queries, request.neighbours), request.seconds)
    return {"seconds": seconds, "ids": ids}


def _flat_index(request):
    if request.basePath not in _flat:
        index = faiss.IndexFlatL2(request.base.shape[1])
        index.add(request.base)
        _flat[request.basePath] = index
    return _flat[request.basePath]


def _shape(request):
    return request.basePath, request.metric, request.specification, request.links, request.efConstruction


def _filled(request):
    if _shape(request) not in _trained or _trained[_shape(request)].ntotal == 0:
        ivf_add(request)
    return _trained[_shape(request)]


def _graph(request):
    if _shape(request) not in _graphs:
        graph_build(request)
    return _graphs[_shape(request)]


TASKS = {
    "kMeans": k_means,
    "flatBatch": flat_batch,
    "flatSingle": flat_single,
    "ivfTrain": ivf_train,
    "ivfAdd": ivf_add,
    "ivfSize": ivf_size,
    "ivfSearch": ivf_search,
    "graphBuild": graph_build,
    "graphMemory": graph_memory,
    "graphSize": graph_size,
    "graphSearch": graph_search,
    "rotation": rotation,
    "residual": residual,
    "scalarScan": scalar_scan,
}
