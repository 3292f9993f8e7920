using System.Collections.Concurrent;
using Kappa.Events;

namespace Kappa.Log;

/// <summary>
/// The one thread that writes a partition: takes everything queued, leaves out duplicates, writes once, flushes once,
/// and acknowledges all (group commit). Callers' code never runs on it.
/// </summary>
internal sealed class PartitionWriter
{
    // Beyond this a group gains nothing by growing, and its buffer would stay.
    private const long GroupBytesMax = 4 << 20;

    private readonly PartitionLog _log;
    private readonly PartitionTail _tail;
    private readonly GroupWriter _group;
    private readonly DuplicateWindow? _window;
    private readonly RecordedIdentities? _identities;
    private readonly List<PendingAppend> _appends = [];
    private readonly List<Outcome> _outcomes = [];
    private readonly ConcurrentQueue<TaskCompletionSource> _seals = [];
    private readonly TaskCompletionSource<CleanEnd?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="window">The identities of the last positions; null if duplicates are not looked for.</param>
    public PartitionWriter(PartitionLog log, PartitionTail tail, PartitionReader reader, DuplicateWindow? window, LogOptions options)
    {
        (_log, _tail, _window) = (log, tail, window);
        _group = new GroupWriter(log.Partition, log.Seed);
        _identities = window is null ? null : new RecordedIdentities(reader, window);
        Queue = new AppendQueue(log.Partition, options.QueueBytesMax);
        new Thread(Run) { IsBackground = true, Name = $"log writer {log.Partition}" }.Start();
    }

    public AppendQueue Queue { get; }

    /// <summary>Completes after <see cref="AppendQueue.Complete"/>, when everything queued is written: with the clean end, or null if there is none.</summary>
    public Task<CleanEnd?> Ended => _ended.Task;

    /// <summary>Seals the last segment and begins another, unless it is empty.</summary>
    public Task SealAsync()
    {
        var seal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _seals.Enqueue(seal);
        Queue.Wake();
        if (_ended.Task.IsCompleted)
            EndSeals();
        return seal.Task;
    }

    private void Run()
    {
        while (Queue.Take(_appends, GroupBytesMax))
        {
            Seal();
            if (_appends.Count == 0)
                continue;
            if (TryCommit() is { } failure)
                FailAll(failure);
            else
                AcknowledgeAll();
            _appends.Clear();
            _outcomes.Clear();
            _group.Clear();
        }
        _identities?.Dispose();
        _ended.SetResult(TryClose());
        EndSeals();
    }

    private void Seal()
    {
        while (_seals.TryDequeue(out var seal))
            try
            {
                _log.ThrowIfStopped();
                _tail.Seal();
                seal.SetResult();
            }
            catch (IOException e)
            {
                seal.SetException(e);
            }
    }

    private void EndSeals()
    {
        while (_seals.TryDequeue(out var seal))
            seal.SetException(new ObjectDisposedException(nameof(FileLog)));
    }

    /// <summary>Stores everything that was taken; null if it worked, else why nothing of it was.</summary>
    private Exception? TryCommit()
    {
        try
        {
            _log.ThrowIfStopped();
            foreach (var append in _appends)
                _outcomes.Add(Encode(append));
            if (_group.Count > 0)
                _tail.Write(_group);
            _window?.Commit();
            return null;
        }
        catch (Exception e)
        {
            _window?.Rollback();
            // What is neither damage nor the disk is a broken invariant: go no further.
            if (e is not IOException)
                _log.Stop($"Partition {_log.Partition} of the log stopped after an unexpected error, restart the host: {e}");
            return e;
        }
    }

    private Outcome Encode(PendingAppend append)
    {
        var (next, appended, duplicates) = (0L, 0, 0);
        var batch = append.Batch;
        foreach (var index in append.Part(_log.Partition))
        {
            var record = batch.Record(index);
            var hash = batch.IdentityHash(index);
            if (_identities is not null && _identities.Find(hash, record, _group) is >= 0 and var first)
            {
                duplicates++;
                next = Math.Max(next, first + 1);
                continue;
            }
            if (_group.Count == 0)
                _tail.Begin(_group);
            _group.Add(record);
            _window?.Add(hash);
            appended++;
            next = _group.Next;
        }
        return new Outcome(next, appended, duplicates);
    }

    private void AcknowledgeAll()
    {
        for (var i = 0; i < _appends.Count; i++)
        {
            Queue.Release(_appends[i].Bytes(_log.Partition));
            _appends[i].Stored(_log.Partition, _outcomes[i].Next, _outcomes[i].Appended, _outcomes[i].Duplicates);
        }
    }

    private void FailAll(Exception cause)
    {
        foreach (var append in _appends)
        {
            Queue.Release(append.Bytes(_log.Partition));
            append.Failed(cause is LogCorruptException
                ? new LogCorruptException(cause.Message, cause)
                : new LogUnavailableException($"Partition {_log.Partition} of the log could not store the events: {cause.Message}", cause));
        }
    }

    private CleanEnd? TryClose()
    {
        // A partition that stopped while it was open is closed as well: its end is what proves the damage next time.
        if (_log.Unreadable)
            return null;
        try
        {
            return _tail.Close();
        }
        catch (IOException e)
        {
            _log.Stop($"Partition {_log.Partition} of the log could not be closed cleanly; the next start will check its end: {e.Message}");
            return null;
        }
    }

    private readonly record struct Outcome(long Next, int Appended, int Duplicates);
}
