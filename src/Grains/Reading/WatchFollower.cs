using System.Runtime.CompilerServices;
using Kappa.Engine.Records;
using Kappa.Views;

namespace Kappa.Grains.Reading;

/// <summary>Where one watch stands, and what is to be delivered so that it gets on. Used by one watch, one step at a time.</summary>
internal sealed class WatchFollower(InstanceHistory history, WatchMode mode, WatchToken? token, int replayMax)
{
    /// <summary>A state of so many bytes is not kept at hand to fold on from: it is folded from the start.</summary>
    private const int KeptBytesMax = 64 << 10;

    private WatchToken? _at = token;
    private (WatchToken Token, Checkpoint State)? _kept;
    private bool _isFirst = true;

    /// <summary>True if the last step could not deliver all: the silo was lost, or the order of events changed, while it folded. Ask anew, and follow that.</summary>
    public bool IsBehind { get; private set; }

    public async IAsyncEnumerable<ViewEnvelope> FollowAsync(Serving serving, string key, byte[] record, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var newest = serving.Envelope(key, record);
        IsBehind = false;
        if (IsToReplay(serving, newest))
        {
            await using var versions = history.VersionsAsync(serving, newest, record, Kept(newest), _at!.Value.Version, newest.Version - 1, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await MoveNextAsync(versions, cancellationToken).ConfigureAwait(false))
            {
                _at = versions.Current.Token;
                yield return versions.Current;
            }
            IsBehind = _at.Value.Version != newest.Version - 1;
            if (IsBehind)
                yield break;
        }
        if (Next(newest, serving) is { } next)
        {
            _at = next.Token;
            Keep(next.Token, record);
            yield return next;
        }
        _isFirst = false;
    }

    /// <summary>True if versions in between have to be delivered first.</summary>
    private bool IsToReplay(Serving serving, ViewEnvelope newest) => mode == WatchMode.Every && _at is { } at && at.Generation == newest.Token.Generation
        && newest.Version - at.Version - 1 is var missed && missed > 0 && missed < replayMax && history.CanFold(serving);

    /// <summary>The newest, as it is to be delivered; null if it tells nothing new.</summary>
    private ViewEnvelope? Next(ViewEnvelope newest, Serving serving)
    {
        if (_at is not { } at)
            return newest;
        // A token ahead of what there is (of a log that was restored, say) cannot be followed on; an older word that comes late says nothing.
        if (at.Generation != newest.Token.Generation || (_isFirst && at.Version > newest.Version))
            return _isFirst || newest.Token.Generation > at.Generation ? newest with { Reset = true } : null;
        var missed = newest.Version - at.Version - 1;
        if (missed < 0)
            return null;
        return mode == WatchMode.Every && missed > 0 ? newest with { Reset = true } : newest;
    }

    private Checkpoint? Kept(ViewEnvelope newest) => _kept is { } kept && kept.Token.Generation == newest.Token.Generation && kept.Token.Version <= _at!.Value.Version ? kept.State : null;

    private void Keep(WatchToken token, byte[] record)
    {
        _kept = null;
        if (mode == WatchMode.Latest || record.Length == 0 || record.Length > KeptBytesMax)
            return;
        var read = InstanceRecord.Read(record);
        _kept = (token, new Checkpoint(-1, read.Version, read.HasState ? record[read.StateOffset..] : null));
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ViewEnvelope> versions, CancellationToken cancellationToken)
    {
        try
        {
            return await versions.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (PassingFailure.Is(e, cancellationToken))
        {
            return false;
        }
    }
}
