using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;

namespace Kappa.Bench.Measures;

/// <summary>One thing that is measured. A round begins and ends with nothing on disk; what it did is checked, or the round throws.</summary>
internal interface IMeasure
{
    string Name { get; }

    Task<IReadOnlyList<Sample>> RunAsync(SpendWorkload workload, string folder);
}
