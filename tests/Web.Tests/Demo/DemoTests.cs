using Kappa.Events;
using Kappa.Games;
using Kappa.Log;
using Kappa.Shop;
using Kappa.Web.Demo;
using Microsoft.Extensions.Logging;

namespace Kappa.Tests.Demo;

public sealed class DemoTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ten_minutes_of_demo_traffic_are_about_20_events_a_second_of_every_type_and_no_id_twice()
    {
        var events = TenMinutes();
        Assert.InRange(events.Count / 600.0, 15, 26);
        Assert.Equal(events.Count, events.Select(e => e.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            [nameof(CustomerEmailChanged), nameof(CustomerRegistered), nameof(CustomerRenamed), nameof(GameEnded), nameof(GameStarted),
                nameof(MovePlayed), nameof(OrderCancelled), nameof(OrderPlaced)],
            events.Select(e => e.Record.GetType().Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_demo_event_passes_the_rules_that_all_events_must_pass()
    {
        var types = ShippedViews.Events();
        using var batch = new EventBatch();
        foreach (var (record, id, subject) in TenMinutes())
            batch.Add(CloudEvent.Of(types, record, id, "/demo", subject, _start));
        Assert.True(batch.Count > 0);
    }

    [Fact]
    public void An_order_adds_up_and_a_cancellation_takes_back_an_order_of_before()
    {
        var placed = new Dictionary<string, OrderPlaced>(StringComparer.Ordinal);
        foreach (var (record, _, _) in TenMinutes())
            switch (record)
            {
                case OrderPlaced order:
                    Assert.Equal(order.Total, order.Lines.Sum(line => line.Quantity * line.UnitPrice));
                    placed.Add(order.OrderId, order);
                    break;
                case OrderCancelled credit:
                    Assert.True(placed.Remove(credit.OrderId, out var cancelled));
                    Assert.Equal(-cancelled.Total, credit.Total);
                    break;
            }
    }

    [Fact]
    public void Another_start_gives_other_ids() =>
        Assert.NotEqual(DemoTraffic.RunName(_start), DemoTraffic.RunName(_start.AddSeconds(1)));

    [Fact]
    public async Task A_log_that_is_full_for_a_while_is_waited_for_and_told_of_once()
    {
        var log = new RefusingLog();
        using var messages = new Messages();
        using var demo = new DemoTraffic(log, TimeProvider.System, messages.CreateLogger<DemoTraffic>());

        await demo.StartAsync(CancellationToken.None);
        await log.Taken.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await demo.StopAsync(CancellationToken.None);

        Assert.Single(messages.Of(LogLevel.Warning));
        Assert.Single(log.Batches.Take(3).Distinct());
        Assert.True(demo.ExecuteTask!.IsCompletedSuccessfully);
    }

    private static List<DemoEvent> TenMinutes()
    {
        var (shop, games) = (new DemoShop(new Random(1), "run"), new DemoGames(new Random(2), "run"));
        var events = new List<DemoEvent>();
        for (var tick = 0; tick < 6_000; tick++)
        {
            var now = _start.AddMilliseconds(tick * 100);
            shop.Trade(now, events);
            games.Play(now, events);
        }
        return events;
    }

    /// <summary>Refuses twice, each time in another way, and takes everything from then on.</summary>
    private sealed class RefusingLog : ILogWriter
    {
        public TaskCompletionSource Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public List<string> Batches { get; } = [];

        public ValueTask<AppendResult> AppendAsync(EventBatch batch, CancellationToken cancellationToken = default)
        {
            Batches.Add(Convert.ToHexString(batch.Record(0)));
            switch (Batches.Count)
            {
                case 1:
                    throw new LogUnavailableException("The disk is full.");
                case 2:
                    return new(AppendResult.Overloaded);
                default:
                    Taken.TrySetResult();
                    return new(new AppendResult(AppendStatus.Appended, batch.Count, 0, Receipt.Empty));
            }
        }
    }

    private sealed class Messages : ILoggerProvider, ILogger
    {
        private readonly List<LogLevel> _levels = [];

        public ILogger<T> CreateLogger<T>() => new LoggerFactory([this]).CreateLogger<T>();

        public IReadOnlyList<LogLevel> Of(LogLevel level)
        {
            lock (_levels)
                return [.. _levels.Where(l => l == level)];
        }

        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_levels)
                _levels.Add(logLevel);
        }

        public void Dispose()
        {
        }
    }
}
