using System.Runtime.CompilerServices;

namespace Kappa.Engine.Builds;

/// <summary>Watches whichever build serves: when another one does, goes on with that from where the watcher stands.</summary>
internal static class ServingWatch
{
    /// <param name="watch">Begins to watch a runner; gets what was delivered last, if anything was.</param>
    public static async IAsyncEnumerable<TItem> FollowAsync<TItem>(ViewBuilds builds, Func<ViewRunner, TItem?, CancellationToken, IAsyncEnumerable<TItem>> watch,
        [EnumeratorCancellation] CancellationToken cancellationToken) where TItem : class
    {
        for (TItem? last = null; ;)
        {
            var serving = builds.Serving;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, serving.Ended);
            await using var items = watch(serving.Runner, last, stop.Token).GetAsyncEnumerator(stop.Token);
            while (await MoveNextAsync(items, serving, cancellationToken).ConfigureAwait(false))
                yield return last = items.Current;
        }
    }

    /// <summary>False once another build serves.</summary>
    private static async ValueTask<bool> MoveNextAsync<TItem>(IAsyncEnumerator<TItem> items, ServingBuild serving, CancellationToken cancellationToken)
    {
        try
        {
            return await items.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception) when (serving.Ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Told to end; or a slow watcher comes back when the build it stood on was discarded already. Either way the next one has its state.
            return false;
        }
    }
}
