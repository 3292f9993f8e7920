using System.Runtime.CompilerServices;
using Kappa.Grains.Indexes;
using Kappa.Views;

namespace Kappa.Grains.Reading;

/// <summary>Watches of the first of a rank: read anew when a shard of the index says that something changed. Thread-safe.</summary>
internal sealed class TopWatch(Func<string, ValueTask<Serving>> servingOf, TimeProvider time)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    public async IAsyncEnumerable<IReadOnlyList<ViewEnvelope>> WatchAsync(string view, string rank, int take, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var changes = new Changes();
        List<(string, WatchToken)>? shown = null;
        while (true)
        {
            IReadOnlyList<ViewEnvelope>? top = null;
            try
            {
                var serving = await servingOf(view).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
                // Asked before the list is read: what changes in between makes another round.
                await changes.NoteAsync(serving).WaitAsync(cancellationToken).ConfigureAwait(false);
                top = await IndexReads.TopAsync(serving, rank, take).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (shown is not null && PassingFailure.Is(e, cancellationToken))
            {
                changes = new Changes();
            }
            if (top is not null && top.Select(envelope => (envelope.Key, envelope.Token)).ToList() is var tokens && (shown is null || !shown.SequenceEqual(tokens)))
            {
                shown = tokens;
                yield return top;
            }
            if (top is not null)
                await changes.AnyAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(_pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>One question under way to each shard, asked again when it was answered.</summary>
    private sealed class Changes
    {
        private IViewIndexGrain[] _indexes = [];
        private Task<long>[] _answers = [];
        private Serving? _serving;

        public async Task NoteAsync(Serving serving)
        {
            var isNew = _serving?.Name != serving.Name;
            if (isNew)
            {
                _indexes = [.. serving.Indexes];
                _answers = [.. _indexes.Select(index => index.ChangedAsync(-1))];
                _serving = serving;
            }
            for (var i = 0; i < _indexes.Length; i++)
                if (isNew || _answers[i].IsCompleted)
                    _answers[i] = _indexes[i].ChangedAsync(await _answers[i].ConfigureAwait(false));
        }

        public Task<Task<long>> AnyAsync() => Task.WhenAny(_answers);
    }
}
