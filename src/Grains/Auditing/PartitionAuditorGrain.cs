using System.Globalization;
using Kappa.Engine.History;
using Kappa.Grains.Builds;
using Kappa.Grains.Hosting;
using Kappa.Grains.Instances;
using Kappa.Log;
using Kappa.Views;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Kappa.Grains.Auditing;

/// <summary>See <see cref="IPartitionAuditorGrain"/>. Reentrant: who waits for a place of the log must not hold up the audit that gets there.</summary>
[Reentrant, BesideView]
internal sealed class PartitionAuditorGrain : Grain, IPartitionAuditorGrain
{
    /// <summary>A view that cannot route so many events points to a fault in its code; it goes no further.</summary>
    private const int HeldMax = 5_000;

    private readonly GrainsContext _context;
    private readonly BuildName _build;
    private readonly int _partition;
    private readonly GrainDocuments _documents;
    private readonly WindowReader _reader;
    private readonly SemaphoreSlim _turn = new(1);
    private AuditorDocument? _document;
    private DuplicateFilter? _duplicates;
    private TaskCompletionSource _moved = NewPromise();
    private long _wanted, _seen;
    private bool _isPaused, _isRunning;
    private string? _problem;

    public PartitionAuditorGrain(GrainsContext context)
    {
        var key = this.GetPrimaryKeyString();
        var slash = key.LastIndexOf('/');
        (_context, _build, _partition) = (context, BuildName.Parse(key.AsSpan(0, slash)), int.Parse(key.AsSpan(slash + 1), CultureInfo.InvariantCulture));
        _documents = new GrainDocuments(context.Storage, this.GetGrainId());
        _reader = WindowReader.Of(context.Code(_build.View, _build.Version), context.Catalogue.Types, context.LogReader);
    }

    public static string KeyOf(BuildName build, int partition) => string.Create(CultureInfo.InvariantCulture, $"{build}/{partition}");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(TimeSpan.Zero, _context.Options.AuditEvery) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task<AuditorStatus> LookAfterAsync(bool isPaused)
    {
        _isPaused = isPaused;
        return StatusAsync();
    }

    public async Task<AuditorStatus> StatusAsync()
    {
        var document = await LoadAsync();
        return new AuditorStatus(document.Next, _context.LogReader.Next(_partition), document.Held.Count, document.Repairs, _problem);
    }

    public async Task<bool> ReachAsync(long next, int waitMilliseconds)
    {
        var document = await LoadAsync();
        var until = _context.Time.GetTimestamp();
        var wait = TimeSpan.FromMilliseconds(waitMilliseconds);
        while (document.Next < next)
        {
            var moved = _moved.Task;
            // A receipt from who knows where may name what is not there; nobody is hurried for that.
            _wanted = Math.Max(_wanted, Math.Min(next, _context.LogReader.Next(_partition)));
            _ = TickAsync();
            var left = wait - _context.Time.GetElapsedTime(until);
            if (left <= TimeSpan.Zero)
                return false;
            await Task.WhenAny(moved, Task.Delay(left, _context.Time));
            document = await LoadAsync();
        }
        return true;
    }

    public async Task<List<HeldAtView>> HeldAsync(long after, int take) => [.. (await LoadAsync()).Held.Where(held => held.Sequence > after).Take(take)];

    public async Task<InstanceRetry> RetryAsync(long sequence)
    {
        await _turn.WaitAsync();
        try
        {
            var document = await LoadAsync();
            if (document.Held.Find(held => held.Sequence == sequence) is not { } held)
                return new InstanceRetry(false, 0, 0, 0, null);
            using var events = new EventFetcher(_context.LogReader);
            var position = new Position(_partition, sequence);
            var keys = default(RoutedKeys);
            if (_reader.Route(await events.GetAsync(position, CancellationToken.None), ref keys) is { } problem)
                return new InstanceRetry(true, 0, 1, PositionList.Pack(position), problem);
            for (var k = 0; k < keys.Count; k++)
                if (await Instance(keys[k]).InsertAsync(PositionList.Pack(position)) is { WasQuarantined: true } stopped)
                    return stopped;
            await WriteAsync(new AuditorDocument { Next = document.Next, Repairs = document.Repairs, Held = [.. document.Held.Where(other => other != held)] });
            return new InstanceRetry(true, keys.Count, 0, 0, null);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task DiscardAsync()
    {
        _isPaused = true;
        await _turn.WaitAsync();
        await _documents.ClearAsync<AuditorDocument>("auditor");
        DeactivateOnIdle();
    }

    private static TaskCompletionSource NewPromise() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<AuditorDocument> LoadAsync() => _document ??= await _documents.ReadAsync<AuditorDocument>("auditor");

    private IViewGrain Instance(string key) => _context.Grains.GetGrain<IViewGrain>(_build.InstanceOf(key));

    private async Task TickAsync()
    {
        if (_isRunning)
            return;
        _isRunning = true;
        await _turn.WaitAsync();
        try
        {
            await RunAsync();
            _problem = null;
        }
#pragma warning disable CA1031 // Whatever stands in the way, the window is audited again; the watermark does not move before.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _problem = $"The audit of partition {_partition} does not get on: {FoldFailure.Describe(e)}";
            _context.Log.AuditFailed(_build, _partition, _document?.Next ?? -1, e);
            if (e is Orleans.Storage.InconsistentStateException)
                DeactivateOnIdle();
            _document = null;
        }
        finally
        {
            _turn.Release();
            _isRunning = false;
        }
    }

    private async Task RunAsync()
    {
        var document = await LoadAsync();
        // Events get one period to come by stream before they are asked for, unless somebody waits for them.
        var (end, before) = (_context.LogReader.Next(_partition), _seen);
        _seen = end;
        while (!_isPaused)
        {
            var isBehind = _context.LogReader.Next(_partition) - document.Next > _context.Options.LiveDistance;
            var target = isBehind ? _context.LogReader.Next(_partition) : Math.Max(_wanted, before);
            if (document.Next >= target)
                return;
            if (document.Held.Count > HeldMax)
                throw new InvalidOperationException($"More than {HeldMax} events of {_build.View} cannot be routed; the last: {document.Held[^1].Reason}");
            using var window = await _reader.ReadAsync(_partition, await DuplicatesAsync(document.Next), target, _context.Options.WindowEventsMax, CancellationToken.None);
            if (window.Next == document.Next)
                return;
            var mended = await AskAsync(window, isBehind);
            document = await WriteAsync(new AuditorDocument
            {
                Next = window.Next,
                Held = [.. document.Held, .. window.Held.Where(held => held.Sequence >= document.Next)],
                Repairs = document.Repairs + mended,
            });
        }
    }

    /// <summary>Finds duplicates from a sequence on; begins anew where a window failed half-way.</summary>
    private async Task<DuplicateFilter> DuplicatesAsync(long from)
    {
        if (_duplicates?.Next == from)
            return _duplicates;
        _duplicates?.Dispose();
        _duplicates = null;
        return _duplicates = await DuplicateFilter.OpenAsync(_context.LogReader, _partition, _context.Options.DuplicateWindow, from);
    }

    /// <summary>Asks all instances of a window, many at a time; ends when all have what they must have, and fails if one has not.</summary>
    private async Task<long> AskAsync(AuditWindow window, bool withEvents)
    {
        var (missing, extra, refolds) = (0L, 0L, 0L);
        using var room = new SemaphoreSlim(_context.Options.QuestionsMax);
        var asked = new List<Task>(window.Keys.Count);
        foreach (var key in window.Keys)
        {
            await room.WaitAsync();
            asked.Add(OneAsync(key));
        }
        await Task.WhenAll(asked);
        if (!withEvents && missing + extra > 0)
            _context.Log.Mended(_build, _partition, missing, extra, window.Next);
        var repairs = withEvents ? extra : missing + extra;
        _context.Metrics.Audited(_build.View, window.Next - window.From, window.Keys.Count, repairs, refolds);
        return repairs;

        async Task OneAsync(string key)
        {
            try
            {
                var answer = await Instance(key).AuditAsync(window.Question(key, withEvents));
                missing += answer.Missing;
                extra += answer.Extra;
                refolds += answer.Refolded ? 1 : 0;
            }
            finally
            {
                room.Release();
            }
        }
    }

    private async Task<AuditorDocument> WriteAsync(AuditorDocument document)
    {
        await _documents.WriteAsync("auditor", document);
        _document = document;
        var moved = _moved;
        _moved = NewPromise();
        moved.SetResult();
        return document;
    }
}
