using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kappa.Games;
using Kappa.Shop;
using Kappa.Views;
using Kappa.Views.Checks;
using Xunit.Abstractions;
using static Kappa.Tests.Shipped;

namespace Kappa.Tests;

public sealed partial class ViewCheckTests(ITestOutputHelper output)
{
    private static readonly string[] _results = ["1-0", "0-1", "1/2-1/2", "*"];

    /// <summary>Traffic of a shop and of games over 4 partitions, with money of different scales and moments that collide.</summary>
    private static EventScript Traffic(int seed)
    {
        var random = new Random(seed);
        var script = new EventScript(Types);
        for (var i = 0; i < 120; i++)
        {
            var (customer, game) = ($"{random.Next(4)}", $"g{i}");
            var month = Day(2011, random.Next(1, 4), 1);
            var total = new decimal(random.Next(-5000, 5000), 0, 0, false, (byte)random.Next(4));
            script.Add(Placed(customer, total, random.Next(9)), $"customer/{customer}", month)
                .Add(Cancelled(null, -total), $"order/{i}", month)
                .Add(new CustomerRenamed(customer, "", $"name {i}"), $"customer/{customer}")
                .Add(new MovePlayed { GameId = game, Ply = 1, San = "e4" }, $"game/{game}")
                .Add(Ended(game, $"p{random.Next(3)}", $"p{random.Next(3)}", _results[random.Next(4)],
                    Day(2025, 1, random.Next(1, 4)), random.Next(1000, 2000), random.Next(3) == 0 ? null : 1500, random.Next(-9, 9)), $"game/{game}");
        }
        return script;
    }

    [Fact]
    public void The_shipped_views_depend_on_their_events_alone()
    {
        const int seed = 42;
        output.WriteLine($"seed {seed}");
        var events = Traffic(seed).Events;
        ViewCheck.For(new CustomerSpendView(), Types).Holds(events, seed);
        ViewCheck.For(new MonthlySalesView(), Types).Holds(events, seed);
        ViewCheck.For(new GameView(), Types).Holds(events, seed);
        ViewCheck.For(new PlayerView(), Types).Holds(events, seed);
    }

    [Fact]
    public void A_view_in_which_the_last_to_arrive_wins_fails_with_two_events()
    {
        var check = ViewCheck.For(new LastWinsView(), Types);
        var events = Traffic(seed: 7).Events;
        var failure = check.Find(events, seed: 3);
        Assert.NotNull(failure);
        output.WriteLine(failure.ToString());
        Assert.Equal(2, failure.Events.Count);
        Assert.NotEqual(failure.Events[0].Position.Partition, failure.Events[1].Position.Partition);
        Assert.NotEqual(failure.StateInOrder, failure.State);
        Assert.Contains("different partitions", failure.Reason);
        Assert.Contains("in the order 2, 1 gives", failure.ToString());
        Assert.Equal(failure.ToString(), check.Find(events, seed: 3)!.ToString());
        Assert.Contains("seed 3", Assert.Throws<ViewCheckException>(() => check.Holds(events, seed: 3)).Message);
    }

    [Fact]
    public void A_view_whose_state_forgets_when_stored_fails_with_one_reload()
    {
        var failure = ViewCheck.For(new ForgetfulView(), Types).Find(Traffic(seed: 7).Events);
        Assert.NotNull(failure);
        output.WriteLine(failure.ToString());
        Assert.Equal(2, failure.Events.Count);
        Assert.Contains("stored and read back", failure.Reason);
        Assert.Contains("in the order 1, reload, 2 gives", failure.ToString());
    }

    [Fact]
    public void A_view_that_remembers_outside_its_state_fails()
    {
        var failure = ViewCheck.For(new OutsideView(), Types).Find(Traffic(seed: 7).Events);
        Assert.NotNull(failure);
        Assert.Contains("folded again", failure.Reason);
    }

    private sealed class Seen : IViewState<Seen>
    {
        public string? Value { get; set; }
        public int Number { get; set; }

        [JsonIgnore]
        public int Forgotten { get; set; }

        public static Seen Start(string key) => new();
        public static JsonTypeInfo<Seen> Json => SeenJson.Default.Seen;
    }

    [JsonSerializable(typeof(Seen))]
    private sealed partial class SeenJson : JsonSerializerContext;

    private sealed class LastWinsView : View<Seen>
    {
        public LastWinsView() : base("last-wins", version: 1) => OnEach<GameEnded>(e => [e.White, e.Black], (seen, e, _) =>
        {
            seen.Value = e.GameId;
            return seen;
        });
    }

    private sealed class ForgetfulView : View<Seen>
    {
        public ForgetfulView() : base("forgetful", version: 1) => On<OrderPlaced>(e => e.CustomerId, (seen, _, _) =>
        {
            seen.Number = ++seen.Forgotten;
            return seen;
        });
    }

    private sealed class OutsideView : View<Seen>
    {
        private int _calls;

        public OutsideView() : base("outside", version: 1) => On<OrderPlaced>(e => e.CustomerId, (seen, _, _) =>
        {
            seen.Number = ++_calls;
            return seen;
        });
    }
}
