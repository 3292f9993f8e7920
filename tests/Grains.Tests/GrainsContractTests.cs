using Kappa.Contracts;
using Xunit.Abstractions;

namespace Kappa.Grains.Tests;

/// <summary>The contract suites on three silos.</summary>
public static class GrainsContractTests
{
    public sealed class Read(ITestOutputHelper output) : ReadContract(new GrainsHosts(), output);

    public sealed class List(ITestOutputHelper output) : ListContract(new GrainsHosts(), output);

    public sealed class Watch(ITestOutputHelper output) : WatchContract(new GrainsHosts(), output);

    public sealed class Resume(ITestOutputHelper output) : ResumeContract(new GrainsHosts(), output);

    public sealed class Quarantine(ITestOutputHelper output) : QuarantineContract(new GrainsHosts(), output);

    public sealed class Retry(ITestOutputHelper output) : RetryContract(new GrainsHosts(), output);

    public sealed class History(ITestOutputHelper output) : HistoryContract(new GrainsHosts(), output);

    public sealed class AsOf(ITestOutputHelper output) : AsOfContract(new GrainsHosts(), output);

    public sealed class RandomAsOf(ITestOutputHelper output) : RandomAsOfContract(new GrainsHosts(), output);

    public sealed class ConsistentCut(ITestOutputHelper output) : ConsistentCutContract(new GrainsHosts(), output);

    public sealed class Audit(ITestOutputHelper output) : AuditContract(new GrainsHosts(), output);

    public sealed class Rebuild(ITestOutputHelper output) : RebuildContract(new GrainsHosts(), output);

    public sealed class Diff(ITestOutputHelper output) : DiffContract(new GrainsHosts(), output);

    public sealed class Promotion(ITestOutputHelper output) : PromotionContract(new GrainsHosts(), output);

    public sealed class PromotionWatch(ITestOutputHelper output) : PromotionWatchContract(new GrainsHosts(), output);

    public sealed class Neutrality(ITestOutputHelper output) : NeutralityContract(new GrainsHosts(), output);
}
