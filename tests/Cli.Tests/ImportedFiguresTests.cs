using Kappa.Cli.Import;
using Kappa.Events;
using Kappa.Games;
using Kappa.Shop;
using Kappa.Views;
using Kappa.Views.Checks;
using Xunit.Abstractions;

namespace Kappa.Tests;

/// <summary>The published figures of the real files, to the last digit, by the importers' mapping and the shipped views.</summary>
public sealed class ImportedFiguresTests(ITestOutputHelper output)
{
    private static readonly EventTypes _types = ShippedViews.Events().Seal();

    private static ViewFixture<TState> Fold<TState>(View<TState> view, IReadOnlyList<RecordedEvent> events) where TState : class, IViewState<TState>
    {
        var fixture = new ViewFixture<TState>(view, _types).Take(events);
        Assert.Empty(fixture.Unroutable);
        return fixture;
    }

    [Fact]
    public void The_shop_has_exactly_the_published_figures()
    {
        if (SharedData.Find("online-retail") is not { } folder)
        {
            output.WriteLine("shared/data/online-retail is missing; nothing was checked");
            return;
        }
        using var csv = SharedData.OpenGzip(Directory.GetFiles(folder).Single());
        var events = RecordedEvents.Of(RetailInvoices.Events(csv, _types)).ToList();
        Assert.Equal(10_783, events.Count);

        var spend = Fold(new CustomerSpendView(), events);
        var customers = spend.Keys.Select(key => spend.State(key)!).ToList();
        Assert.Equal(2_767, customers.Count);
        Assert.Equal(5_527, customers.Sum(customer => customer.Months.Count));
        Assert.Equal(3_120_488.091m, customers.Sum(customer => customer.Total));
        Assert.Equal(
            [("14646", 110_668.12m), ("18102", 64_483.90m), ("17450", 54_602.44m)],
            customers.OrderByDescending(customer => customer.Total).Take(3).Select(customer => (customer.CustomerId, customer.Total)));
        Assert.Equal(1_785, events.Count - spend.Keys.Sum(key => spend.Instance(key)!.Version));

        var sales = Fold(new MonthlySalesView(), events);
        var months = sales.Keys.Select(key => sales.State(key)!).ToList();
        Assert.Equal(["2010-12", "2011-01", "2011-02", "2011-03", "2011-04", "2011-05"], sales.Keys);
        Assert.Equal((9_106, 1_677, 0), (months.Sum(m => m.Orders), months.Sum(m => m.Cancellations), months.Sum(m => m.Adjustments)));
        Assert.Equal(3_706_827.641m, months.Sum(m => m.Revenue));
    }

    [Fact]
    public void The_games_have_exactly_the_published_figures_in_any_order()
    {
        if (SharedData.Find("lichess") is not { } folder)
        {
            output.WriteLine("shared/data/lichess is missing; nothing was checked");
            return;
        }
        var events = new List<RecordedEvent>();
        foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            using var pgn = SharedData.OpenGzip(file);
            events.AddRange(RecordedEvents.Of(LichessGames.Events(pgn, _types)));
        }
        Assert.Equal(524_757 + 2 * 7_582, events.Count);

        var ended = events.Where(one => one.Type.SequenceEqual("game.ended"u8)).ToList();
        // Positions begin anew in each file; the views are given every event once, so that the numbers do not matter here.
        ended = [.. ended.Select((one, index) => new RecordedEvent(one.Record, new(0, index), 0))];
        var inOrder = Fold(new PlayerView(), ended);
        var players = inOrder.Keys.Select(key => inOrder.State(key)!).ToList();
        Assert.Equal(3_206, players.Count);
        Assert.Equal(2 * 7_582, players.Sum(player => player.Played));
        Assert.Equal([("Pankratov_Oleg", 18), ("TooLucky4u", 16), ("Akibus", 15)],
            players.OrderByDescending(player => player.Wins).Take(3).Select(player => (player.Name, player.Wins)));

        const int seed = 11;
        output.WriteLine($"seed {seed}");
        var shuffled = ended.Select(one => one.Record).ToArray();
        new Random(seed).Shuffle(shuffled);
        var anyOrder = Fold(new PlayerView(), [.. shuffled.Select((record, index) => new RecordedEvent(record, new(0, index), 0))]);
        Assert.All(inOrder.Keys, key => Assert.Equal(inOrder.Json(key), anyOrder.Json(key)));
    }

    [Fact]
    public void Every_game_is_played_through()
    {
        if (SharedData.Find("lichess") is not { } folder)
        {
            output.WriteLine("shared/data/lichess is missing; nothing was checked");
            return;
        }
        var (games, plies, empty) = (0, 0, 0);
        foreach (var file in Directory.GetFiles(folder))
        {
            using var pgn = SharedData.OpenGzip(file);
            var fold = Fold(new GameView(), [.. RecordedEvents.Of(LichessGames.Events(pgn, _types))]);
            var states = fold.Keys.Select(key => fold.State(key)!).ToList();
            Assert.All(states, game => Assert.Equal(Game.Over, game.Status));
            games += states.Count;
            plies += states.Sum(game => game.Plies);
            empty += states.Count(game => game.Plies == 0);
        }
        Assert.Equal((7_582, 524_757, 133), (games, plies, empty));
    }
}
