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

    public sealed class History(ITestOutputHelper output) : HistoryContract(new EmbeddedHosts(), output);
}
