namespace Kappa.Engine.Folding;

/// <summary>One step of a rebuild that gives way to live views: nobody else takes one until it has ended and rested in proportion.</summary>
internal sealed class RebuildTurn(SemaphoreSlim turn, double share, TimeProvider time)
{
    private static readonly TimeSpan _restMin = TimeSpan.FromMilliseconds(1), _restMax = TimeSpan.FromMilliseconds(250);

    private readonly long _started = time.GetTimestamp();

    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Reading and routing was done in the step; folding takes the shards about as long again.
            var rest = 2 * time.GetElapsedTime(_started) * (1 / share - 1);
            await Task.Delay(rest < _restMin ? _restMin : rest > _restMax ? _restMax : rest, time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }
}
