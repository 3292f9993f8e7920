namespace Kappa.Tests.Log;

/// <summary>The contract suites on the file log over the machine's own disk.</summary>
public static class PhysicalFileLogContractTests
{
    public sealed class Append() : AppendContract(new LogMaker.OnPhysicalDisk());

    public sealed class Duplicates() : DuplicatesContract(new LogMaker.OnPhysicalDisk());

    public sealed class Read() : ReadContract(new LogMaker.OnPhysicalDisk());
}
