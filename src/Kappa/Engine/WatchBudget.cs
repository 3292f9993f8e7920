using Kappa.Views;

namespace Kappa.Engine;

/// <summary>How many watches there may be at once, over all views. Thread-safe.</summary>
internal sealed class WatchBudget(int watchersMax)
{
    private int _watchers;

    /// <summary>Takes a place until disposed.</summary>
    /// <exception cref="TooManyWatchersException">There is none left.</exception>
    public IDisposable Take()
    {
        if (Interlocked.Increment(ref _watchers) > watchersMax)
        {
            Interlocked.Decrement(ref _watchers);
            throw new TooManyWatchersException(watchersMax);
        }
        return new Place(this);
    }

    private sealed class Place(WatchBudget budget) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                Interlocked.Decrement(ref budget._watchers);
        }
    }
}
