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

    public sealed class History(ITestOutputHelper output) : HistoryContract(new GrainsHosts(), output);
}
