using System.Buffers;
using Kappa.Events;

namespace Kappa.Log;

/// <summary>
/// The reference log: everything in memory, one lock, the same rules as <see cref="FileLog"/>. For tests and for reading
/// the rules in plain words; it lasts as long as the object.
/// </summary>
public sealed class MemoryLog : ILogReader, ILogWriter, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly int _duplicateWindow;
    private readonly LogOptions _options = new();
    private readonly MemoryPartition[] _partitions;
    private bool _closed;

    public MemoryLog(int partitions = LogOptions.PartitionsDefault, int duplicateWindow = LogOptions.DuplicateWindowDefault, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _duplicateWindow = duplicateWindow;
        _partitions = [.. Enumerable.Range(0, partitions).Select(p => new MemoryPartition(p))];
        LogId = _time.GetUtcNow().UtcTicks;
    }

    public long LogId { get; }

    public int PartitionCount => _partitions.Length;

    public long First(int partition)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(partition, PartitionCount);
        return 0;
    }

    public long Next(int partition) => _partitions[partition].Tail.Next;

    public ValueTask<AppendResult> AppendAsync(EventBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        cancellationToken.ThrowIfCancellationRequested();
        AppendLimits.Check(batch, _options);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var ticks = _time.GetUtcNow().UtcTicks;
            var next = new long[PartitionCount];
            var appended = 0;
            for (var i = 0; i < batch.Count; i++)
            {
                var partition = _partitions[StableHash.Bucket(batch.PartitionHash(i), PartitionCount)];
                var position = partition.Add(batch.Record(i).ToArray(), ticks, _duplicateWindow, out var added);
                next[partition.Number] = Math.Max(next[partition.Number], position + 1);
                appended += added ? 1 : 0;
            }
            foreach (var partition in _partitions)
                partition.Tail.Publish(partition.Events.Count);
            return new(new AppendResult(AppendStatus.Appended, appended, batch.Count - appended, new Receipt(new Cut(next))));
        }
    }

    public ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var all = _partitions[partition].Events;
            ArgumentOutOfRangeException.ThrowIfNegative(from);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(from, all.Count);
            var (count, bytes) = (0, 0L);
            while (from + count < all.Count && (count == 0 || bytes < bytesMax))
                bytes += all[(int)from + count++].Record.Length;
            if (count == 0)
                return new(LogPage.Empty(from));
            var events = ArrayPool<RecordedEvent>.Shared.Rent(count);
            all.CopyTo((int)from, events, 0, count);
            return new(new LogPage(null, events, count, from + count));
        }
    }

    public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) =>
        _partitions[partition].Tail.WaitAsync(sequence, cancellationToken);

    /// <summary>Ends every wait with <see cref="ObjectDisposedException"/>.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
            _closed = true;
        foreach (var partition in _partitions)
            partition.Tail.End(() => new ObjectDisposedException(nameof(MemoryLog)));
        return default;
    }

    private sealed class MemoryPartition(int number)
    {
        private readonly Dictionary<(string Source, string Id), long> _last = [];
        private long _lastTicks;

        public int Number => number;
        public List<RecordedEvent> Events { get; } = [];
        public TailSignal Tail { get; } = new(0);

        /// <summary>The position of the event: a new one, or that of the one that it repeats.</summary>
        public long Add(byte[] record, long ticks, int window, out bool added)
        {
            var next = Events.Count;
            var identity = (Text(EventField.Source), Text(EventField.Id));
            added = !(_last.TryGetValue(identity, out var first) && first >= next - window);
            if (!added)
                return first;
            _last[identity] = next;
            _lastTicks = Math.Max(_lastTicks, ticks);
            Events.Add(new RecordedEvent(record, new Position(number, next), _lastTicks));
            return next;

            string Text(EventField field) => System.Text.Encoding.Latin1.GetString(EventRecord.Field(record, field));
        }
    }
}
