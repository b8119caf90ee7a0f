"""scikit-learn: Lloyd's k-means, and exact search by its brute-force neighbours."""

import about
import sklearn
import timing
from sklearn.cluster import KMeans
from sklearn.neighbors import NearestNeighbors

NAME = "scikit-learn"
VERSION = about.version(sklearn, "scikit-learn")
ABOUT = []
METHODS = {"kMeans": ["KMeans(lloyd)"], "flatBatch": ["NearestNeighbors(brute)"]}

_neighbours = {}


def k_means(request):
    means = KMeans(
        n_clusters=request.clusters, init="random", n_init=1, max_iter=request.iterations, tol=0, algorithm="lloyd", random_state=request.seed
    )
    seconds, _ = timing.once(lambda: means.fit(request.base))
    return {"seconds": seconds, "centroids": means.cluster_centers_}


def flat_batch(request):
    if request.basePath not in _neighbours:
        _neighbours[request.basePath] = NearestNeighbors(algorithm="brute", n_jobs=request.threads).fit(request.base)
    index = _neighbours[request.basePath]
    seconds, (_, ids) = timing.passes(lambda: index.kneighbors(request.queries, request.neighbours), request.seconds)
    return {"seconds": seconds, "ids": ids}


TASKS = {"kMeans": k_means, "flatBatch": flat_batch}
