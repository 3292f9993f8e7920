using System.Runtime.CompilerServices;
using Kappa.Engine;
using Kappa.Grains.Builds;
using Kappa.Views;
using Orleans;

namespace Kappa.Grains.Reading;

/// <summary>
/// Watches of instances through grain observers. A call that is lost, a silo that is killed, another build that serves: the watch asks again every
/// few seconds and goes on from the version that it delivered last, so that nothing is left out and nothing comes twice. Thread-safe.
/// </summary>
internal sealed class InstanceWatch(IGrainFactory grains, BuildDirectory builds, Func<string, BuildsSnapshot, Serving> servingOf, InstanceHistory history,
    GrainsOptions options, WatchBudget budget, TimeProvider time)
{
    /// <summary>So often a watch makes sure that it is still told of changes, and that the same build serves.</summary>
    private static readonly TimeSpan _askAgain = TimeSpan.FromSeconds(2);

    public async IAsyncEnumerable<ViewEnvelope> WatchAsync(string view, string key, WatchToken? token, WatchMode mode, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var place = budget.Take();
        var observer = new InstanceObserver();
        var reference = grains.CreateObjectReference<Instances.IInstanceObserver>(observer);
        Serving? told = null;
        var at = token;
        var first = true;
        try
        {
            while (true)
            {
                var (serving, record) = await AskAsync(view, key, reference, cancellationToken).ConfigureAwait(false);
                if (told is not null && told.Name != serving.Name)
                    await ForgetAsync(told, key, reference).ConfigureAwait(false);
                told = serving;
                var asked = time.GetTimestamp();
                while (true)
                {
                    var newest = serving.Envelope(key, record);
                    await foreach (var envelope in FollowAsync(serving, newest, at, mode, first, cancellationToken).ConfigureAwait(false))
                    {
                        yield return envelope;
                        at = envelope.Token;
                    }
                    first = false;
                    if (await NextAsync(observer, _askAgain - time.GetElapsedTime(asked), cancellationToken).ConfigureAwait(false) is not { } next)
                        break;
                    record = next;
                }
            }
        }
        finally
        {
            if (told is not null)
                await ForgetAsync(told, key, reference).ConfigureAwait(false);
            grains.DeleteObjectReference<Instances.IInstanceObserver>(reference);
        }
    }

    /// <summary>What is to be delivered so that a watcher who stands at a token has the newest.</summary>
    private async IAsyncEnumerable<ViewEnvelope> FollowAsync(Serving serving, ViewEnvelope newest, WatchToken? at, WatchMode mode, bool first,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (at is not { } stands)
        {
            yield return newest;
            yield break;
        }
        // A token ahead of what there is (of a log that was restored, say) cannot be followed on; an older word that comes late says nothing.
        if (stands.Generation != newest.Token.Generation || (first && stands.Version > newest.Version))
        {
            if (first || newest.Token.Generation > stands.Generation)
                yield return newest with { Reset = true };
            yield break;
        }
        var missed = newest.Version - stands.Version - 1;
        if (missed < 0)
            yield break;
        if (mode == WatchMode.Every && missed >= options.WatchReplayMax)
        {
            yield return newest with { Reset = true };
            yield break;
        }
        if (mode == WatchMode.Every && missed > 0)
            await foreach (var envelope in history.VersionsAsync(serving, newest, stands.Version, newest.Version - 1, cancellationToken).ConfigureAwait(false))
                yield return envelope;
        yield return newest;
    }

    /// <summary>Asks until there is an answer: a silo that was lost is replaced within seconds.</summary>
    private async Task<(Serving Serving, byte[] Record)> AskAsync(string view, string key, Instances.IInstanceObserver reference, CancellationToken cancellationToken)
    {
        while (true)
            try
            {
                var serving = servingOf(view, await builds.GetAsync(view).ConfigureAwait(false));
                return (serving, await serving.Instance(key).WatchAsync(reference).WaitAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (Exception e) when (e is Orleans.Runtime.OrleansException or TimeoutException && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken).ConfigureAwait(false);
            }
    }

    /// <summary>The next record, or null when it is time to ask again.</summary>
    private async Task<byte[]?> NextAsync(InstanceObserver observer, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait <= TimeSpan.Zero)
            return null;
        using var deadline = new CancellationTokenSource(wait, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await observer.Newest.ReadAsync(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task ForgetAsync(Serving serving, string key, Instances.IInstanceObserver reference)
    {
        try
        {
            await serving.Instance(key).UnwatchAsync(reference).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // It forgets by itself after a while.
        catch (Exception)
#pragma warning restore CA1031
        {
            return;
        }
    }
}
