using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kappa.Events;
using Kappa.Views;

namespace Kappa.Tests;

public sealed record TripTaken(string Rider, string From, string To, decimal Price);

/// <summary>Views of a program of its own, as <c>--views</c> finds them in this assembly.</summary>
public static class OwnEvents
{
    public static EventTypes Types => new EventTypes().Add("trip.taken", OwnJson.Default.TripTaken);
}

public sealed class Trips : IViewState<Trips>
{
    public int Count { get; set; }
    public decimal Spent { get; set; }
    public string Last { get; set; } = "";

    public static Trips Start(string key) => new();
    public static JsonTypeInfo<Trips> Json => OwnJson.Default.Trips;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TripTaken))]
[JsonSerializable(typeof(Trips))]
internal sealed partial class OwnJson : JsonSerializerContext;

/// <summary>All is well with it.</summary>
public sealed class RiderView : View<Trips>
{
    public RiderView() : base("rider", version: 1) => On<TripTaken>(e => e.Rider, (trips, e, _) =>
    {
        trips.Count++;
        trips.Spent += e.Price;
        return trips;
    });
}

/// <summary>Keeps whoever comes last, though several partitions feed a station.</summary>
public sealed class StationView : View<Trips>
{
    public StationView() : base("station", version: 2) => OnEach<TripTaken>(e => [e.From, e.To], (trips, e, _) =>
    {
        trips.Last = e.Rider;
        return trips;
    });
}

/// <summary>Cannot be made without being told, so that it is not among those found.</summary>
public sealed class NamedView(string name) : View<Trips>(name, version: 1);
