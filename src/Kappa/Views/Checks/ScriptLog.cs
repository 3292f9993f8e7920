using System.Buffers;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Views.Checks;

/// <summary>A script's events as a log that does not grow.</summary>
internal sealed class ScriptLog(IReadOnlyList<RecordedEvent> events, int partitions) : ILogReader
{
    private readonly RecordedEvent[][] _partitions =
        [.. Enumerable.Range(0, partitions).Select(p => events.Where(recorded => recorded.Position.Partition == p).ToArray())];

    public long LogId => 1;
    public int PartitionCount => partitions;
    public long First(int partition) => 0;
    public long Next(int partition) => _partitions[partition].Length;

    public ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
    {
        var rest = _partitions[partition].AsSpan((int)from);
        if (rest.IsEmpty)
            return new(LogPage.Empty(from));
        var page = ArrayPool<RecordedEvent>.Shared.Rent(rest.Length);
        rest.CopyTo(page);
        return new(new LogPage(null, page, rest.Length, from + rest.Length));
    }

    public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) => sequence < Next(partition)
        ? default
        : new(Task.Delay(Timeout.Infinite, cancellationToken));
}
