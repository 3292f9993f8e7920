using Kappa.Tests.Log;

namespace Kappa.Tests.Capture;

/// <summary>The contract suites on a log whose older part is read from its capture.</summary>
public static class TieredLogContractTests
{
    public sealed class Append() : AppendContract(new CapturedLogMaker(keepSegments: 2));

    public sealed class Duplicates() : DuplicatesContract(new CapturedLogMaker(keepSegments: 0));

    public sealed class Read() : ReadContract(new CapturedLogMaker(keepSegments: 2));

    public sealed class ReadOfWhatIsCapturedOnly() : ReadContract(new WithoutWindow());

    /// <summary>With no duplicate window nothing has to stay.</summary>
    private sealed class WithoutWindow : LogMaker
    {
        private readonly CapturedLogMaker _maker = new(keepSegments: 0);

        public override OpenedLog Make(int partitions, int duplicateWindow, TimeProvider time) => _maker.Make(partitions, 0, time);
    }
}
