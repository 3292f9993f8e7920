using Kappa.Engine.Records;
using Kappa.Views;

namespace Kappa.Engine.History;

/// <summary>
/// Replays that stand at the end of a page of history, kept for whoever asks for the page after it: so that reading a long
/// history page by page folds each event once. A few, the latest; a caller that comes too late starts from a checkpoint. Thread-safe.
/// </summary>
internal sealed class PausedReplays<TState> where TState : class, IViewState<TState>
{
    private const int KeptMax = 8;
    private const int StateBytesMax = 1 << 20;

    private readonly Lock _gate = new();
    private readonly List<(string Key, Replay<TState> Replay)> _kept = []; // latest last

    /// <summary>One that stands exactly there, now the caller's; null if none does.</summary>
    public Replay<TState>? Take(InstanceRecord record, long version)
    {
        lock (_gate)
        {
            var index = _kept.FindLastIndex(one => one.Key == record.Key && one.Replay.IsAt(record, version));
            if (index < 0)
                return null;
            var replay = _kept[index].Replay;
            _kept.RemoveAt(index);
            return replay;
        }
    }

    /// <summary>Keeps one for a while; the caller must not use it any more.</summary>
    public void Keep(string key, Replay<TState> replay)
    {
        Replay<TState>? surplus = null;
        lock (_gate)
            if (replay.StateBytes > StateBytesMax)
                surplus = replay;
            else
            {
                _kept.Add((key, replay));
                if (_kept.Count > KeptMax)
                {
                    surplus = _kept[0].Replay;
                    _kept.RemoveAt(0);
                }
            }
        surplus?.Dispose();
    }
}
