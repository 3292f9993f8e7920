using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kappa.Games;
using Kappa.Shop;
using Kappa.Views;

namespace Kappa.Tests;

/// <summary>The state of the views that do what a view must not.</summary>
internal sealed class Faulty : IViewState<Faulty>
{
    public string Value { get; set; } = "";
    public int Number { get; set; }
    public double Ratio { get; set; }

    /// <summary>Reads back one more than was written.</summary>
    public int Drift
    {
        get;
        set => field = value == 0 ? 0 : value + 1;
    }

    [JsonIgnore]
    public int Forgotten { get; set; }

    public static Faulty Start(string key) => new();
    public static JsonTypeInfo<Faulty> Json => FaultyJson.Default.Faulty;
}

[JsonSerializable(typeof(Faulty))]
internal sealed partial class FaultyJson : JsonSerializerContext;

internal sealed class LastWins : View<Faulty>
{
    public LastWins() : base("last-wins", version: 1) => OnEach<GameEnded>(e => [e.White, e.Black], (state, e, _) =>
    {
        state.Value = e.GameId;
        return state;
    });
}

internal sealed class ThrowsOutOfOrder : View<Faulty>
{
    public ThrowsOutOfOrder() : base("throws-out-of-order", version: 1) => On<GameEnded>(e => e.White, (state, e, _) =>
    {
        var number = int.Parse(e.GameId[1..], null);
        state.Number = number >= state.Number - 5 ? Math.Max(state.Number, number) : throw new InvalidOperationException("too late");
        return state;
    });
}

internal sealed class Throwing : View<Faulty>
{
    public Throwing() : base("throwing", version: 1) => On<OrderPlaced>(e => e.CustomerId, (state, e, _) =>
        e.Total == 6666 ? throw new InvalidOperationException("too much") : state);
}

internal sealed class BadSelector : View<Faulty>
{
    public BadSelector() : base("bad-selector", version: 1) => On<OrderPlaced>(e => e.CustomerId!.ToUpperInvariant(), (state, _, _) => state);
}

internal sealed class BadRank : View<Faulty>
{
    public BadRank() : base("bad-rank", version: 1)
    {
        On<OrderPlaced>(e => e.CustomerId, (state, _, _) =>
        {
            state.Number++;
            return state;
        });
        Rank("share", state => 100 / (3 - state.Number));
    }
}

internal sealed class Unwritable : View<Faulty>
{
    public Unwritable() : base("unwritable", version: 1) => On<OrderPlaced>(e => e.CustomerId, (state, _, _) =>
    {
        state.Number++;
        state.Ratio = 1.0 / (3 - state.Number);
        return state;
    });
}

internal sealed class Forgetful : View<Faulty>
{
    public Forgetful() : base("forgetful", version: 1) => On<OrderPlaced>(e => e.CustomerId, (state, _, _) =>
    {
        state.Number = ++state.Forgotten;
        return state;
    });
}

internal sealed class Drifting : View<Faulty>
{
    public Drifting() : base("drifting", version: 1) => On<OrderPlaced>(e => e.CustomerId, (state, _, _) =>
    {
        state.Drift = 5;
        return state;
    });
}

internal sealed class OutsideCounter : View<Faulty>
{
    public OutsideCounter() : base("outside-counter", version: 1) => On<OrderPlaced>(e => e.CustomerId, (state, _, _) =>
    {
        state.Number = ++Calls;
        return state;
    });

    public static int Calls { get; set; }
}

internal sealed class Remembering : View<Faulty>
{
    private int _calls;

    public Remembering() : base("remembering", version: 1) => OnEach<GameEnded>(e => [e.White, e.Black], (state, _, _) =>
    {
        state.Number = ++_calls;
        return state;
    });
}

internal sealed class Localised : View<Faulty>
{
    public Localised() : base("localised", version: 1) => On<OrderPlaced>(e => e.CustomerId, (state, e, _) =>
    {
#pragma warning disable CA1305 // That it follows the culture is what is to be found.
        state.Value = (e.Total + 0.5m).ToString();
#pragma warning restore CA1305
        return state;
    });
}

internal sealed class Fickle : View<Faulty>
{
    public Fickle() : base("fickle", version: 1) => On<OrderPlaced>(_ => $"{Calls++ % 3}{(Calls > 200 ? "x" : "")}", (state, _, _) => state);

    public static int Calls { get; set; }
}
