using System.Collections.Concurrent;
using Kappa.Log;

namespace Kappa.Engine.Store;

/// <summary>
/// Knows what was flushed, what has to be flushed next, and which files are to be deleted with it. Flushing and deleting run beside the writer, who
/// does not have the time that a file system takes for them.
/// </summary>
internal sealed class FlushMarks
{
    private readonly IDisk _disk;
    private readonly string _directory;
    private readonly Lock _flushing = new();
    private readonly ConcurrentQueue<string> _closed = [];
    private FrameHeader _last;
    private Segment? _lastIn;
    private long _flushed, _flushedOnRecord, _historyFlushed = -1;
    private int _dirtyFrom, _namesUpTo;
    private bool _stopped;

    public FlushMarks(IDisk disk, string directory, StoreWalk walk)
    {
        (_disk, _directory) = (disk, directory);
        _flushed = walk.Flushed;
        _lastIn = walk.Last;
        _last = new FrameHeader { Commit = walk.Commit, FlushedCommit = walk.Flushed };
        // After the end of a process its last commits are there, but perhaps only in the system's memory.
        _dirtyFrom = walk.Segments.Values.FirstOrDefault(s => s.LastCommit > walk.Flushed)?.Number ?? walk.Last?.Number ?? 1;
    }

    /// <summary>The last commit that is flushed for certain.</summary>
    public long Flushed => Volatile.Read(ref _flushed);

    /// <summary>What the frames that are flushed say about <see cref="Flushed"/>: so much recovery knows even after a loss of power.</summary>
    public long FlushedOnRecord => Volatile.Read(ref _flushedOnRecord);

    /// <summary>A frame was written; called under the gate that <see cref="Flush"/> gets.</summary>
    public void Written(in FrameHeader header, Segment segment) => (_last, _lastIn) = (header, segment);

    public void Flush(Lock gate, HistoryFile history, ConcurrentDictionary<int, Segment> segments)
    {
        lock (_flushing)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            FrameHeader upTo;
            Segment? active;
            lock (gate)
                (upTo, active) = (_last, _lastIn);
            DeleteClosed();
            if (active is null || upTo.Commit == _flushed)
                return;

            var historyEnd = history.End;
            if (historyEnd != _historyFlushed)
                history.File.Flush();
            for (var number = _dirtyFrom; number <= active.Number; number++)
                FlushFile(segments, number);
            if (_namesUpTo == 0 && Path.GetDirectoryName(_directory) is { Length: > 0 } parent)
                _disk.FlushDirectory(parent);
            if (_namesUpTo < active.Number)
                _disk.FlushDirectory(_directory);

            // Only now, all at once: after an error everything is as dirty as before. Should a device forget bytes whose
            // flush failed, the checksums find it at the next start.
            (_historyFlushed, _dirtyFrom, _namesUpTo) = (historyEnd, active.Number, active.Number);
            Volatile.Write(ref _flushed, upTo.Commit);
            Volatile.Write(ref _flushedOnRecord, upTo.FlushedCommit);
        }
    }

    /// <summary>Nothing in it is live, and nobody has it open.</summary>
    public void Closed(Segment segment) => _closed.Enqueue(segment.Path);

    public void DeleteClosed()
    {
        while (_closed.TryDequeue(out var path))
            _disk.Delete(path);
    }

    /// <summary>Waits for a flush that is under way; later ones are refused.</summary>
    public void Stop()
    {
        lock (_flushing)
            _stopped = true;
    }

    private static void FlushFile(ConcurrentDictionary<int, Segment> segments, int number)
    {
        if (!segments.TryGetValue(number, out var segment) || !segment.TryHold())
            return;
        try
        {
            segment.File?.Flush();
        }
        finally
        {
            segment.Release();
        }
    }
}
