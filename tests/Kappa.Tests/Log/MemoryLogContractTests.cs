namespace Kappa.Tests.Log;

/// <summary>The contract suites on the reference.</summary>
public static class MemoryLogContractTests
{
    public sealed class Append() : AppendContract(new LogMaker.InMemory());

    public sealed class Duplicates() : DuplicatesContract(new LogMaker.InMemory());

    public sealed class Read() : ReadContract(new LogMaker.InMemory());
}
