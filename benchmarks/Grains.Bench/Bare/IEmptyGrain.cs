using Orleans;

namespace Kappa.GrainsBench.Bare;

/// <summary>A grain for each customer.</summary>
[Alias("kappa.bench.empty")]
internal interface IEmptyGrain : IGrainWithStringKey;
