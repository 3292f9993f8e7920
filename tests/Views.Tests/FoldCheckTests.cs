using System.Globalization;
using Kappa.Games;
using Kappa.Log;
using Kappa.Shop;
using Kappa.Views;
using Kappa.Views.Checks;
using Xunit.Abstractions;
using static Kappa.Tests.Shipped;

namespace Kappa.Tests;

public sealed class FoldCheckTests(ITestOutputHelper output)
{
    private static readonly string[] _results = ["1-0", "0-1", "1/2-1/2", "*"];

    /// <summary>Traffic of a shop and of games over 4 partitions.</summary>
    private static EventScript Traffic(int seed, int rounds = 200)
    {
        var random = new Random(seed);
        var script = new EventScript(Types);
        for (var i = 0; i < rounds; i++)
        {
            var (customer, game) = ($"{random.Next(20)}", $"g{i}");
            var month = Day(2011, random.Next(1, 4), 1);
            var total = new decimal(random.Next(-5000, 5000), 0, 0, false, (byte)random.Next(4));
            script.Add(Placed(customer, total, random.Next(9)), $"customer/{customer}", month)
                .Add(Cancelled(null, -total), $"order/{i}", month)
                .Add(new MovePlayed { GameId = game, Ply = 1, San = "e4" }, $"game/{game}")
                .Add(Ended(game, $"p{random.Next(9)}", $"p{random.Next(9)}", _results[random.Next(4)],
                    Day(2025, 1, random.Next(1, 4)), random.Next(1000, 2000), null, random.Next(-9, 9)), $"game/{game}");
        }
        return script;
    }

    private async Task<FoldCheckedView> CheckAsync(Func<View> view, EventScript? script = null, FoldCheckOptions? options = null)
    {
        var report = await FoldCheck.RunAsync((script ?? Traffic(seed: 7)).ToLog(), Types, () => [view()], options);
        var found = Assert.Single(report.Views);
        foreach (var problem in found.Problems)
        {
            output.WriteLine($"{problem.Kind} {problem.Key} {problem.Position} {problem.Reason}");
            foreach (var one in problem.Case?.Events ?? [])
                output.WriteLine($"    {(one.Reload ? "reload, " : "")}{one.Position} {one.Type} {one.Data}");
            output.WriteLine($"    expected {problem.Case?.Expected}\n    found    {problem.Case?.Found}");
        }
        Assert.Equal(found.Clean, report.Clean);
        return found;
    }

    private static FoldProblem Only(FoldCheckedView found, FoldProblemKind kind)
    {
        Assert.Equal([kind], found.Counts.Keys);
        return found.Problems[0];
    }

    [Fact]
    public async Task The_shipped_views_are_clean_and_their_figures_are_those_of_the_events()
    {
        var report = await FoldCheck.RunAsync(Traffic(seed: 42).ToLog(), Types, ShippedViews.All);
        Assert.True(report.Clean);
        Assert.Equal(800, report.Cut.Count);
        Assert.Equal(["customer-spend", "monthly-sales", "game", "player"], report.Views.Select(view => view.View));
        Assert.Equal([200, 400, 400, 200], report.Views.Select(view => view.Events));
        Assert.Equal([20, 3, 200, 9], report.Views.Select(view => view.Instances));
    }

    [Fact]
    public async Task Little_memory_takes_more_passes_and_finds_the_same()
    {
        var script = Traffic(seed: 42);
        var whole = await FoldCheck.RunAsync(script.ToLog(), Types, ShippedViews.All);
        var parts = await FoldCheck.RunAsync(script.ToLog(), Types, ShippedViews.All, new FoldCheckOptions { StateBytesMax = 10_000 });
        Assert.Equal(whole.Views.Select(Figures), parts.Views.Select(Figures));

        var wrong = await CheckAsync(() => new LastWins(), script);
        var wrongInParts = await CheckAsync(() => new LastWins(), script, new FoldCheckOptions { StateBytesMax = 2_000 });
        Assert.Equal(wrong.Counts, wrongInParts.Counts);

        static string Figures(FoldCheckedView view) => $"{view.View} {view.Events} {view.Instances} {view.Applied} {view.Digest} {view.Clean}";
    }

    [Fact]
    public async Task The_digest_tells_another_state()
    {
        var (one, other) = (new EventScript(Types), new EventScript(Types));
        one.Add(Placed("1", 5), "customer/1");
        other.Add(Placed("1", 6), "customer/1");
        var digest = (await CheckAsync(() => new CustomerSpendView(), one)).Digest;
        Assert.Equal(digest, (await CheckAsync(() => new CustomerSpendView(), one)).Digest);
        Assert.NotEqual(digest, (await CheckAsync(() => new CustomerSpendView(), other)).Digest);
    }

    [Fact]
    public async Task A_fold_that_throws_is_named_with_key_position_and_the_one_event_that_is_enough()
    {
        var script = Traffic(seed: 7).Add(Placed("13", 6666), "customer/13");
        var problem = Only(await CheckAsync(() => new Throwing(), script), FoldProblemKind.FoldThrows);
        Assert.Equal(("13", script.Events[^1].Position), (problem.Key, problem.Position));
        Assert.Equal("InvalidOperationException: too much", problem.Reason);
        Assert.Equal(script.Events[^1].Position, Assert.Single(problem.Case!.Events).Position);
    }

    [Fact]
    public async Task A_selector_that_throws_is_named_with_its_event()
    {
        var script = new EventScript(Types).Add(Placed("1", 5), "customer/1").Add(Placed(null, 6), "order/1");
        var problem = Only(await CheckAsync(() => new BadSelector(), script), FoldProblemKind.Unroutable);
        Assert.Equal((null, script.Events[1].Position), (problem.Key, problem.Position));
        Assert.Contains("NullReferenceException", problem.Reason);
        Assert.Equal("2", Assert.Single(problem.Case!.Events).Id);
    }

    [Fact]
    public async Task A_rank_that_throws_is_named()
    {
        var problem = Only(await CheckAsync(() => new BadRank()), FoldProblemKind.IndexThrows);
        Assert.Contains("rank share: DivideByZeroException", problem.Reason);
        Assert.NotNull(problem.Case);
    }

    [Fact]
    public async Task A_state_that_cannot_be_written_is_named()
    {
        var problem = Only(await CheckAsync(() => new Unwritable()), FoldProblemKind.NotWritable);
        Assert.NotNull(problem.Position);
        Assert.Equal(3, problem.Case!.Events.Count);
    }

    [Fact]
    public async Task A_state_that_forgets_when_stored_is_named_with_one_reload()
    {
        var problem = Only(await CheckAsync(() => new Forgetful()), FoldProblemKind.NotRestored);
        Assert.Equal([false, true], problem.Case!.Events.Select(one => one.Reload));
    }

    [Fact]
    public async Task A_state_that_is_written_differently_once_read_back_is_named_at_its_position()
    {
        var problem = Only(await CheckAsync(() => new Drifting()), FoldProblemKind.NotRestored);
        Assert.Contains("written differently", problem.Reason);
        Assert.NotNull(problem.Position);
    }

    [Fact]
    public async Task A_fold_that_counts_outside_its_state_is_not_repeatable()
    {
        OutsideCounter.Calls = 0;
        var found = await CheckAsync(() => new OutsideCounter());
        Assert.Contains("folded again", Only(found, FoldProblemKind.NotRepeatable).Reason);
        Assert.Equal(20, found.Counts[FoldProblemKind.NotRepeatable]);
        Assert.Equal(10, found.Problems.Count);
    }

    [Fact]
    public async Task A_view_object_that_remembers_does_not_pass_for_a_state() =>
        Only(await CheckAsync(() => new Remembering()), FoldProblemKind.OrderDependent);

    [Fact]
    public async Task A_fold_that_follows_the_machines_culture_is_not_repeatable()
    {
        var problem = Only(await CheckAsync(() => new Localised()), FoldProblemKind.NotRepeatable);
        Assert.Single(problem.Case!.Events);
        Assert.NotEqual(problem.Case.Expected, problem.Case.Found);
        Assert.Equal(CultureInfo.InvariantCulture.NumberFormat.NegativeSign, CultureInfo.CurrentCulture.NumberFormat.NegativeSign);
    }

    [Fact]
    public async Task A_selector_that_changes_its_mind_is_not_repeatable()
    {
        Fickle.Calls = 0;
        var found = await CheckAsync(() => new Fickle());
        Only(found, FoldProblemKind.NotRepeatable);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(99)]
    public async Task A_view_in_which_the_last_to_arrive_wins_depends_on_order_and_two_events_show_it(int seed)
    {
        var found = await CheckAsync(() => new LastWins(), options: new FoldCheckOptions { Seed = seed });
        var problem = Only(found, FoldProblemKind.OrderDependent);
        Assert.Equal(9, found.Counts[FoldProblemKind.OrderDependent]);
        Assert.Equal(2, problem.Case!.Events.Count);
        Assert.NotEqual(problem.Case.Events[0].Position.Partition, problem.Case.Events[1].Position.Partition);
        Assert.NotEqual(problem.Case.Expected, problem.Case.Found);
    }

    [Fact]
    public async Task A_fold_that_throws_in_another_order_only_depends_on_order()
    {
        var script = new EventScript(Types);
        for (var i = 0; i < 40; i++)
            script.Add(Ended($"g{i}", "ann", "bob", "1-0", Day(2025, 1, 1)), $"game/g{i}");
        var problem = Only(await CheckAsync(() => new ThrowsOutOfOrder(), script), FoldProblemKind.OrderDependent);
        Assert.Contains("it stops at", problem.Reason);
        Assert.NotNull(problem.Case);
    }

    [Fact]
    public async Task Every_kind_is_counted_in_full_and_described_up_to_the_bound()
    {
        var found = await CheckAsync(() => new LastWins(), options: new FoldCheckOptions { ProblemsMax = 2 });
        Assert.Equal((9, 2), (found.Counts[FoldProblemKind.OrderDependent], found.Problems.Count));
    }
}
