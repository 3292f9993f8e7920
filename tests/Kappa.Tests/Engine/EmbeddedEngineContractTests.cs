using Kappa.Contracts;
using Xunit.Abstractions;

namespace Kappa.Tests.Engine;

/// <summary>The contract suites on the embedded engine.</summary>
public static class EmbeddedEngineContractTests
{
    public sealed class Read(ITestOutputHelper output) : ReadContract(new EmbeddedHosts(), output);

    public sealed class List(ITestOutputHelper output) : ListContract(new EmbeddedHosts(), output);

    public sealed class Watch(ITestOutputHelper output) : WatchContract(new EmbeddedHosts(), output);

    public sealed class Resume(ITestOutputHelper output) : ResumeContract(new EmbeddedHosts(), output);

    public sealed class Quarantine(ITestOutputHelper output) : QuarantineContract(new EmbeddedHosts(), output);

    public sealed class Retry(ITestOutputHelper output) : RetryContract(new EmbeddedHosts(), output);

    public sealed class History(ITestOutputHelper output) : HistoryContract(new EmbeddedHosts(), output);

    public sealed class AsOf(ITestOutputHelper output) : AsOfContract(new EmbeddedHosts(), output);

    public sealed class RandomAsOf(ITestOutputHelper output) : RandomAsOfContract(new EmbeddedHosts(), output);

    public sealed class ConsistentCut(ITestOutputHelper output) : ConsistentCutContract(new EmbeddedHosts(), output);

    public sealed class Audit(ITestOutputHelper output) : AuditContract(new EmbeddedHosts(), output);

    public sealed class Rebuild(ITestOutputHelper output) : RebuildContract(new EmbeddedHosts(), output);

    public sealed class Diff(ITestOutputHelper output) : DiffContract(new EmbeddedHosts(), output);

    public sealed class Promotion(ITestOutputHelper output) : PromotionContract(new EmbeddedHosts(), output);

    public sealed class PromotionWatch(ITestOutputHelper output) : PromotionWatchContract(new EmbeddedHosts(), output);

    public sealed class Neutrality(ITestOutputHelper output) : NeutralityContract(new EmbeddedHosts(), output);
}
