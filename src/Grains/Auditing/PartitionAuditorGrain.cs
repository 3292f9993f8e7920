using System.Globalization;
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
[Reentrant, BesideView(byNumber: true)]
internal sealed class PartitionAuditorGrain : Grain, IPartitionAuditorGrain, IDisposable
{
    /// <summary>One call of the timer goes on for so long: while it does, a silo that stops cannot end the grain.</summary>
    private static readonly TimeSpan _turnMax = TimeSpan.FromSeconds(2);

    private readonly GrainsContext _context;
    private readonly BuildName _build;
    private readonly int _partition;
    private readonly KeptDocument<AuditorDocument> _document;
    private readonly HeldRetry _retry;
    private readonly WindowWalk _windows;
    private readonly WindowQuestions _questions;
    private readonly PartitionEnd _end;
    private readonly Turns _turns = new();
    private readonly Moves _moves = new();
    private IGrainTimer? _timer;
    private long _wanted, _unstreamed, _seen;
    private bool _isPaused, _isRunning, _isListed, _isOver;
    private string? _problem;

    public PartitionAuditorGrain(GrainsContext context)
    {
        var key = this.GetPrimaryKeyString();
        var slash = key.LastIndexOf('/');
        (_context, _build, _partition) = (context, BuildName.Parse(key.AsSpan(0, slash)), int.Parse(key.AsSpan(slash + 1), CultureInfo.InvariantCulture));
        _document = new KeptDocument<AuditorDocument>(new GrainDocuments(context.Storage, this.GetGrainId()), "auditor");
        _end = new PartitionEnd(context.LogReader, _partition, context.Time);
        var reader = WindowReader.Of(context.Code(_build.View, _build.Version), context.Catalogue.Types, context.LogReader);
        _windows = new WindowWalk(context, reader, _partition);
        _retry = new HeldRetry(context, _build, reader);
        _questions = new WindowQuestions(context, _build, _partition);
    }

    public static string KeyOf(BuildName build, int partition) => string.Create(CultureInfo.InvariantCulture, $"{build}/{partition}");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _timer = this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(TimeSpan.Zero, _context.Options.AuditEvery) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    /// <summary>Ends what no call waits for, after the window that is under way.</summary>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Stop();
        return _turns.TakeAsync(() => Task.FromResult(true)).WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _end.Dispose();
        _windows.Dispose();
    }

    public Task<AuditorStatus> LookAfterAsync(bool isPaused)
    {
        _isPaused = isPaused;
        return StatusAsync();
    }

    public async Task<AuditorStatus> StatusAsync()
    {
        var document = await _document.LoadAsync();
        return new AuditorStatus(document.Next, _end.Next, document.Held.Count, document.Repairs, _problem);
    }

    public async Task<bool> ReachAsync(long next, int waitMilliseconds)
    {
        var document = await _document.LoadAsync();
        var started = _context.Time.GetTimestamp();
        var wait = TimeSpan.FromMilliseconds(waitMilliseconds);
        // A receipt from who knows where may name what is not there; nobody is hurried for that.
        if (document.Next < next && !await _end.ReachedAsync(next, wait))
            return false;
        while (document.Next < next)
        {
            if (_isOver)
                return false;
            var moved = _moves.Next;
            _wanted = Math.Max(_wanted, next);
            _ = TickAsync();
            var left = wait - _context.Time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                return false;
            await Task.WhenAny(moved, Task.Delay(left, _context.Time));
            document = await _document.LoadAsync();
        }
        return true;
    }

    public async Task<long> BringAsync(long next, int waitMilliseconds)
    {
        _unstreamed = Math.Max(_unstreamed, next);
        await ReachAsync(next, waitMilliseconds);
        return (await _document.LoadAsync()).Next;
    }

    public async Task<List<HeldAtView>> HeldAsync(long after, int take) => [.. (await _document.LoadAsync()).Held.Where(held => held.Sequence > after).Take(take)];

    public Task<InstanceRetry> RetryAsync(long sequence) => _turns.TakeAsync(async () =>
    {
        var document = await _document.LoadAsync();
        if (_isOver || document.Held.Find(held => held.Sequence == sequence) is not { } held)
            return new InstanceRetry(false, 0, 0, 0, null);
        var retry = await _retry.RunAsync(new Position(_partition, sequence));
        if (retry.Reason is null)
            await WriteAsync(document.Without(held));
        return retry;
    });

    public Task DiscardAsync()
    {
        // This activation audits no more, and no other one will, since the build is no longer listed.
        End();
        return _turns.TakeAsync(async () =>
        {
            await _document.ClearAsync();
            return true;
        });
    }

    /// <summary>Makes room for another activation, if there is to be one; nobody may wait here for what will not come.</summary>
    private void End()
    {
        Stop();
        DeactivateOnIdle();
    }

    private void Stop()
    {
        _isOver = true;
        _end.Stop();
        _moves.Tell();
    }

    private async Task TickAsync()
    {
        if (_isRunning || _isOver)
            return;
        _isRunning = true;
        _problem = await _turns.TakeAsync(TryAsync);
        _isRunning = false;
    }

    /// <summary>Goes as far as it can; returns what stood in the way.</summary>
    private async Task<string?> TryAsync()
    {
        try
        {
            if (!await IsListedAsync())
                End();
            else if (!await RunAsync())
                _timer?.Change(TimeSpan.Zero, _context.Options.AuditEvery);
            else if (!_isPaused)
                await _end.FollowAsync(Grown);
            return null;
        }
#pragma warning disable CA1031 // Whatever stands in the way, the window is audited again; the watermark does not move before.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _context.Log.AuditFailed(_build, _partition, e);
            if (e is Orleans.Storage.InconsistentStateException)
                End();
            _document.Forget();
            return $"The audit of partition {_partition} does not get on: {FoldFailure.Describe(e)}";
        }
    }

    /// <summary>
    /// Whether there is such a build; asked once. Whoever has an old list of builds may ask the auditor of one that was discarded; it must not
    /// begin to fold the log again for it.
    /// </summary>
    private async Task<bool> IsListedAsync()
    {
        if (_isListed)
            return true;
        if (await _context.Grains.GetGrain<IViewBuildsGrain>(_build.View).FindAsync(_build) is not { } entry)
            return false;
        _isPaused = entry.IsPaused;
        return _isListed = true;
    }

    /// <summary>False if it made room for others before it was through.</summary>
    private async Task<bool> RunAsync()
    {
        var document = await _document.LoadAsync();
        var started = _context.Time.GetTimestamp();
        // Events get one period to come by stream before they are asked for, unless somebody waits for them.
        var before = _seen;
        _seen = _end.Next;
        while (!_isPaused && !_isOver)
        {
            var isBehind = document.Next < _unstreamed || _end.Next - document.Next > _context.Options.LiveDistance;
            var target = isBehind ? _end.Next : Math.Max(_wanted, before);
            if (document.Next >= target)
                return true;
            if (_context.Time.GetElapsedTime(started) >= _turnMax)
                return false;
            using var window = await _windows.ReadAsync(document.Next, target);
            if (window.Next == document.Next)
                return true;
            var after = document.After(window);
            after.Repairs += await _questions.AskAsync(window, isBehind);
            document = await WriteAsync(after);
        }
        return true;
    }

    /// <summary>Notes what came; it is audited one period later rather than at some time in the one after that.</summary>
    private void Grown()
    {
        _seen = _end.Next;
        _timer?.Change(_context.Options.AuditEvery, _context.Options.AuditEvery);
    }

    private async Task<AuditorDocument> WriteAsync(AuditorDocument document)
    {
        await _document.WriteAsync(document);
        _moves.Tell();
        return document;
    }
}
