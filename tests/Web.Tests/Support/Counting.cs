using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kappa.Events;
using Kappa.Views;

namespace Kappa.Tests;

/// <summary>Something was counted.</summary>
public sealed record Counted(string Key, int Amount);

/// <summary>The sum of what was counted.</summary>
public sealed class Count : IViewState<Count>
{
    public int Sum { get; set; }

    public static Count Start(string key) => new();
    public static JsonTypeInfo<Count> Json => CountJson.Default.Count;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Count))]
[JsonSerializable(typeof(Counted))]
internal sealed partial class CountJson : JsonSerializerContext;

/// <summary>A fold with a fault that can be mended: it cannot take thirteen, and cannot route an empty key.</summary>
public sealed class CountView : View<Count>
{
    public CountView() : base("count", version: 1) => On<Counted>(
        e => e.Key == "unroutable" && !IsMended ? throw new InvalidOperationException("no way for this key") : e.Key,
        (count, e, _) =>
        {
            Gate.Wait();
            count.Sum += e.Amount;
            return e.Amount == 13 && !IsMended ? throw new InvalidOperationException("thirteen is too much") : count;
        });

    public volatile bool IsMended;

    /// <summary>Reset it, and the fold waits until it is set again.</summary>
    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    public static EventTypes Types() => new EventTypes().Add("test.counted", CountJson.Default.Counted);

    public static string Event(int id, string key, int amount) =>
        $$$"""{"specversion":"1.0","id":"{{{id}}}","source":"/tests","type":"test.counted","subject":"{{{key}}}","data":{"key":"{{{key}}}","amount":{{{amount}}}}}""";
}
