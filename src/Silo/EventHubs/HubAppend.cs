using Kappa.Events;
using Kappa.Log;

namespace Kappa.Silo.EventHubs;

/// <summary>One append on its way to the partitions it touches. Each partition's sender reports once; the last one completes it.</summary>
internal sealed class HubAppend
{
    private readonly TaskCompletionSource<AppendResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<int>?[] _parts;
    private readonly long[] _bytes;
    private readonly AppendMark?[] _marks;
    private Exception? _failure;
    private int _remaining;

    public HubAppend(EventBatch batch, int partitions)
    {
        Batch = batch;
        (_parts, _bytes, _marks) = (new List<int>?[partitions], new long[partitions], new AppendMark?[partitions]);
        for (var i = 0; i < batch.Count; i++)
        {
            var partition = Kappa.Log.StableHash.Bucket(batch.PartitionHash(i), partitions);
            if (_parts[partition] is null)
                _remaining++;
            (_parts[partition] ??= []).Add(i);
            _bytes[partition] += HubEvent.BytesMax(batch.Record(i));
        }
    }

    /// <summary>The events, whose memory lives until the task has completed.</summary>
    public EventBatch Batch { get; }

    public Task<AppendResult> Task => _result.Task;

    /// <summary>The partitions that it touches, ascending.</summary>
    public IEnumerable<int> Partitions => Enumerable.Range(0, _parts.Length).Where(partition => _parts[partition] is not null);

    /// <summary>The indexes of the events of one partition, in the batch's order.</summary>
    public IReadOnlyList<int> Part(int partition) => _parts[partition] ?? [];

    /// <summary>At most so many bytes go to one partition.</summary>
    public long Bytes(int partition) => _bytes[partition];

    /// <summary>A partition's part is stored; the mark names the last events of it.</summary>
    public void Stored(AppendMark mark)
    {
        _marks[mark.Partition] = mark;
        CountDown();
    }

    /// <summary>A partition's part could not be stored, or nobody knows.</summary>
    public void Failed(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        CountDown();
    }

    private void CountDown()
    {
        if (Interlocked.Decrement(ref _remaining) > 0)
            return;
        if (_failure is { } failure)
            _result.TrySetException(failure);
        else
            _result.TrySetResult(new AppendResult(AppendStatus.Appended, Batch.Count, 0,
                new Receipt(Cut.Zero) { Marks = [.. _marks.OfType<AppendMark>()] }));
    }
}
