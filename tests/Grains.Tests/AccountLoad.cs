using Kappa.Contracts;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Tests;

/// <summary>
/// Credits of 1 to a few accounts, as long as it is wanted: so a state's balance, its count of events and its version are one number. Reads what it wrote
/// before it writes on, or it would outrun every view.
/// </summary>
internal sealed class AccountLoad(ViewsHost host, int accounts, Func<IViews>? views = null)
{
    private readonly long[] _appended = new long[accounts];
    private readonly long[] _last = [.. Enumerable.Repeat(long.MaxValue, accounts)];
    private readonly SemaphoreSlim _rounds = new(0);
    private volatile bool _isDone;

    /// <summary>How many events each account got.</summary>
    public IReadOnlyList<long> Appended => _appended;

    public long Total => Enumerable.Range(0, accounts).Sum(account => Volatile.Read(ref _appended[account]));

    public static string KeyOf(int account) => $"a{account}";

    /// <summary>Appends to every account, several events to one of them, and reads the last of it.</summary>
    public async Task OnceAsync(int round)
    {
        var busy = round % accounts;
        var events = Enumerable.Range(0, accounts).Concat(Enumerable.Repeat(busy, 4)).ToList();
        var receipt = await host.AppendAsync([.. events.Select(account => new Credited(KeyOf(account), 1, $"owner{account}"))]);
        foreach (var account in events)
            Interlocked.Increment(ref _appended[account]);
        var read = await ReadAsync(busy, receipt);
        _rounds.Release();
        Assert.Equal(ReadStatus.Found, read.Status);
        Assert.True(read.Envelope!.Version >= _appended[busy], $"{KeyOf(busy)} was read at {read.Envelope.Version}, though {_appended[busy]} were acknowledged");
    }

    /// <summary>
    /// The version that an account ends with: known when <see cref="EndAsync"/> begins, so that a watcher that has all by then gets one more and sees it.
    /// </summary>
    public long Last(int account) => Volatile.Read(ref _last[account]);

    /// <summary>The last round, when nothing else is under way.</summary>
    public Task EndAsync()
    {
        for (var account = 0; account < accounts; account++)
            Volatile.Write(ref _last[account], _appended[account] + (account == 0 ? 5 : 1));
        return OnceAsync(0);
    }

    /// <summary>Counts one event for each account that a test appended itself.</summary>
    public void Note()
    {
        for (var account = 0; account < accounts; account++)
            Interlocked.Increment(ref _appended[account]);
    }

    /// <summary>Goes on until it is told to stop.</summary>
    public Task RunAsync() => Task.Run(async () =>
    {
        for (var round = 0; !_isDone; round++)
            await OnceAsync(round);
    });

    public void Stop() => _isDone = true;

    /// <summary>Waits until so many more events were appended, or the load has failed.</summary>
    public async Task MoreAsync(long events, Task running)
    {
        using var patience = new CancellationTokenSource(ViewsHost.Patience);
        for (var from = Total; Total < from + events;)
        {
            if (running.IsCompleted)
                await running;
            await Task.WhenAny(running, _rounds.WaitAsync(patience.Token));
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task<ReadResult> ReadAsync(int account, Receipt receipt)
    {
        using var patience = new CancellationTokenSource(ViewsHost.Patience);
        while (true)
            try
            {
                return await (views?.Invoke() ?? host.Views).ReadAsync("account", KeyOf(account), receipt, ViewsHost.Patience);
            }
            catch (Exception) when (views is not null && !patience.IsCancellationRequested)
            {
                // The silo that was asked has stopped meanwhile; another one answers.
                await Task.Yield();
            }
    }
}
