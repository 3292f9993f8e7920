using Kappa.Log;

namespace Kappa.Tests.Capture;

/// <summary>A log whose older events are gone.</summary>
internal sealed class TrimmedLog(long first, long next) : ILogReader
{
    public long LogId => 1;
    public int PartitionCount => 1;
    public long First(int partition) => first;
    public long Next(int partition) => next;

    public ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default) => new(LogPage.Empty(from + 1));

    public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) => default;
}
