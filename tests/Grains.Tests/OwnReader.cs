using Kappa.Log;

namespace Kappa.Grains.Tests;

/// <summary>
/// The log as one process of many reads it: it knows where a partition ends only as it was told last, which is while it waits there, or when it asks.
/// Nothing else tells it, so what relies on more is never right here. Thread-safe.
/// </summary>
internal sealed class OwnReader(ILogReader log) : ILogReader
{
    private readonly long[] _known = new long[log.PartitionCount];
    private readonly int[] _waiting = new int[log.PartitionCount];
    private long _read;

    public long LogId => log.LogId;
    public int PartitionCount => log.PartitionCount;

    /// <summary>The most bytes that one read gives, but for a single event.</summary>
    public int PageBytesMax { get; init; } = int.MaxValue;

    /// <summary>As a log that cannot refuse them.</summary>
    public bool MayHoldDuplicates => true;

    /// <summary>How many positions were read from the log.</summary>
    public long Read => Volatile.Read(ref _read);

    /// <summary>The partitions whose end somebody waits at.</summary>
    public IReadOnlyList<int> Followed => [.. Enumerable.Range(0, PartitionCount).Where(partition => Volatile.Read(ref _waiting[partition]) > 0)];

    public long First(int partition) => log.First(partition);

    public long Next(int partition) => Volatile.Read(ref _known[partition]);

    public ValueTask<long> EndAsync(int partition, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Told(partition, log.Next(partition)));
    }

    public async ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
    {
        var page = await log.ReadAsync(partition, from, Math.Min(bytesMax, PageBytesMax), cancellationToken);
        Interlocked.Add(ref _read, page.Count);
        return page;
    }

    public async ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _waiting[partition]);
        try
        {
            await log.WaitAsync(partition, sequence, cancellationToken);
            Told(partition, log.Next(partition));
        }
        finally
        {
            Interlocked.Decrement(ref _waiting[partition]);
        }
    }

    private long Told(int partition, long next)
    {
        for (long known; (known = Next(partition)) < next;)
            Interlocked.CompareExchange(ref _known[partition], next, known);
        return Next(partition);
    }
}
