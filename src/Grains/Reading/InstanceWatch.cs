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

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    public async IAsyncEnumerable<ViewEnvelope> WatchAsync(string view, string key, WatchToken? token, WatchMode mode, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var place = budget.Take();
        using var told = new InstanceTelling(grains, key);
        var follower = new WatchFollower(history, mode, token, options.WatchReplayMax);
        while (true)
        {
            var record = await AskAsync(view, told, cancellationToken).ConfigureAwait(false);
            var asked = time.GetTimestamp();
            while (record is not null)
            {
                await foreach (var envelope in follower.FollowAsync(told.Serving, key, record, cancellationToken).ConfigureAwait(false))
                    yield return envelope;
                record = follower.IsBehind ? null : await NextAsync(told.Observer, _askAgain - time.GetElapsedTime(asked), cancellationToken).ConfigureAwait(false);
            }
            if (follower.IsBehind)
                await Task.Delay(_pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks until there is an answer: a silo that was lost is replaced within seconds. Only a watch that has not begun is refused.</summary>
    private async Task<byte[]?> AskAsync(string view, InstanceTelling told, CancellationToken cancellationToken)
    {
        while (true)
            try
            {
                var serving = servingOf(view, await builds.GetAsync(view).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false));
                return await told.AskAsync(serving).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (PassingFailure.Is(e, cancellationToken) && (told.HasBegun || e is Orleans.Runtime.OrleansException or TimeoutException))
            {
                await Task.Delay(_pause, time, cancellationToken).ConfigureAwait(false);
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
}
