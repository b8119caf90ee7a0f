"""scikit-learn: Lloyd's k-means, Gaussian mixtures, exact search by its brute-force neighbours; SciPy beneath it: optimal assignments."""

import about
import numpy as np
import sklearn
import timing
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import NearestNeighbors

NAME = "scikit-learn"
VERSION = about.version(sklearn, "scikit-learn")
ABOUT = []
METHODS = {
    "kMeans": ["KMeans(lloyd)"],
    "flatBatch": ["NearestNeighbors(brute)"],
    "balanced": ["KMeans(lloyd), sizes as they come"],
    "balancedAssign": ["SciPy linear_sum_assignment"],
    "mixture": ["PCA, GaussianMixture"],
}

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


def balanced(request):
    """No equal sizes: what they cost shows beside this."""
    means = KMeans(n_clusters=request.clusters, n_init=1, max_iter=request.iterations, tol=0, algorithm="lloyd", random_state=request.seed)
    part = request.part
    seconds, _ = timing.once(lambda: means.fit(part))
    return {"seconds": seconds, "centroids": means.cluster_centers_, "ids": means.labels_}


def balanced_assign(request):
    """The optimum: each cluster as so many places for one vector."""
    part = request.part
    each = len(part) // request.clusters

    def assign():
        costs = np.repeat(cdist(part, part[: request.clusters], "sqeuclidean"), each, axis=1)
        return linear_sum_assignment(costs)[1] // each

    seconds, clusters = timing.once(assign)
    return {"seconds": seconds, "ids": clusters}


def mixture(request):
    part = request.part

    def fit():
        projected = PCA(request.outputs, random_state=request.seed).fit_transform(part)
        regularisation = 1e-6 * float(projected.var(0).mean())
        model = GaussianMixture(
            request.clusters, covariance_type=request.specification, reg_covar=regularisation, max_iter=request.iterations, random_state=request.seed
        )
        return model.fit(projected), projected

    seconds, (model, projected) = timing.once(fit)
    return {"seconds": seconds, "value": float(model.score(projected))}


TASKS = {"kMeans": k_means, "flatBatch": flat_batch, "balanced": balanced, "balancedAssign": balanced_assign, "mixture": mixture}
