using System.Threading.Tasks.Sources;
using Kappa.Events;

namespace Kappa.Log;

/// <summary>
/// One append on its way through the partitions it touches: its events sorted by partition, and a countdown. Reused:
/// it goes back to its pool when the caller takes the result. Each partition's writer reports once.
/// </summary>
internal sealed class PendingAppend : IValueTaskSource<AppendResult>
{
    private readonly Action<PendingAppend> _done;
    private readonly int[] _starts;
    private readonly long[] _bytes;
    private readonly long[] _next;
    private byte[] _partitionOf = [];
    private int[] _order = [];
    private EventBatch? _batch;
    private int _remaining;
    private int _appended;
    private int _duplicates;
    private Exception? _failure;
    private ManualResetValueTaskSourceCore<AppendResult> _result = new() { RunContinuationsAsynchronously = true };

    public PendingAppend(int partitions, Action<PendingAppend> done)
    {
        _done = done;
        _starts = new int[partitions + 1];
        _bytes = new long[partitions];
        _next = new long[partitions];
    }

    /// <summary>How many events it holds without growing.</summary>
    public int Room => _order.Length;

    public short Version => _result.Version;

    /// <summary>The events, whose memory lives until the result was set.</summary>
    public EventBatch Batch => _batch!;

    /// <summary>The indexes of the events of one partition, in the batch's order.</summary>
    public ReadOnlySpan<int> Part(int partition) => _order.AsSpan(_starts[partition].._starts[partition + 1]);

    /// <summary>How many bytes of records go to one partition.</summary>
    public long Bytes(int partition) => _bytes[partition];

    /// <summary>Sorts the batch's events by partition, in two passes over their hashes.</summary>
    public void Split(EventBatch batch)
    {
        var partitions = _bytes.Length;
        _batch = batch;
        if (_order.Length < batch.Count)
            (_order, _partitionOf) = (new int[batch.Count], new byte[batch.Count]);
        Array.Clear(_bytes);
        Array.Clear(_next);
        Array.Clear(_starts);
        for (var i = 0; i < batch.Count; i++)
        {
            var partition = StableHash.Bucket(batch.PartitionHash(i), partitions);
            _partitionOf[i] = (byte)partition;
            _starts[partition]++;
            _bytes[partition] += batch.Record(i).Length;
        }
        (_remaining, _appended, _duplicates, _failure) = (0, 0, 0, null);
        for (var p = 0; p < partitions; p++)
        {
            _remaining += _bytes[p] > 0 ? 1 : 0;
            _starts[p + 1] += p + 1 < partitions ? _starts[p] : 0;
        }
        _starts[partitions] = batch.Count;
        // Every start now stands at its part's end; filling from the back leaves it at the beginning, in order.
        for (var i = batch.Count - 1; i >= 0; i--)
            _order[--_starts[_partitionOf[i]]] = i;
    }

    /// <summary>A partition's part is stored.</summary>
    public void Stored(int partition, long next, int appended, int duplicates)
    {
        _next[partition] = next;
        Interlocked.Add(ref _appended, appended);
        Interlocked.Add(ref _duplicates, duplicates);
        CountDown();
    }

    /// <summary>A partition's part could not be stored.</summary>
    public void Failed(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        CountDown();
    }

    /// <summary>Gives the object back without a result; only before it was queued anywhere.</summary>
    public void Abandon()
    {
        _batch = null;
        _done(this);
    }

    public AppendResult GetResult(short token)
    {
        // Throws for a task that is awaited twice, before this object, by then somebody else's, is given back again.
        _ = _result.GetStatus(token);
        try
        {
            return _result.GetResult(token);
        }
        finally
        {
            _result.Reset();
            _done(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _result.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    private void CountDown()
    {
        if (Interlocked.Decrement(ref _remaining) > 0)
            return;
        _batch = null;
        if (_failure is { } failure)
            _result.SetException(failure);
        else
            _result.SetResult(new AppendResult(AppendStatus.Appended, _appended, _duplicates, new Receipt(new Cut(_next))));
    }
}
