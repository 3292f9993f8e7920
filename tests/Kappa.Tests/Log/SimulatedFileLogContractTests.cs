namespace Kappa.Tests.Log;

/// <summary>The contract suites on the file log over a simulated disk.</summary>
public static class SimulatedFileLogContractTests
{
    public sealed class Append() : AppendContract(new LogMaker.OnSimulatedDisk());

    public sealed class Duplicates() : DuplicatesContract(new LogMaker.OnSimulatedDisk());

    public sealed class Read() : ReadContract(new LogMaker.OnSimulatedDisk());
}
