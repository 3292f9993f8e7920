using System.Text.Json;
using Kappa.Events;
using Kappa.Json;

namespace Kappa.Shop;

/// <summary>
/// Reads orders straight from JSON, several times as fast as the JSON contract. Takes what the contract takes: fields in
/// any order, unknown ones ignored, one sent twice refused.
/// </summary>
internal sealed class OrderDecoder<TOrder>(Func<OrderFields, TOrder> make) : IEventDecoder<TOrder> where TOrder : Order
{
    [Flags]
    private enum Fields
    {
        Unknown = 0, OrderId = 1, CustomerId = 2, Country = 4, Currency = 8, Lines = 16, Total = 32,
        Required = OrderId | Currency | Lines | Total,
    }

    public TOrder Decode(ref Utf8JsonReader reader)
    {
        var order = new OrderFields();
        try
        {
            Read(ref reader, ref order, keep: true);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new EventDataException("data", e.Message, e);
        }
        return make(order);
    }

    /// <summary>Orders of the usual shape by their bytes alone; all others, wrong ones too, by the reader.</summary>
    public TOrder Decode(ReadOnlySpan<byte> json)
    {
        if (OrderScan.TryRead(json, out var order))
            return make(order);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return Decode(ref reader);
    }

    public void Validate(ref Utf8JsonReader reader)
    {
        var none = new OrderFields();
        try
        {
            Read(ref reader, ref none, keep: false);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new EventDataException("data", e.Message, e);
        }
    }

    private static void Read(ref Utf8JsonReader reader, ref OrderFields order, bool keep)
    {
        JsonValues.ExpectObject(ref reader, "data");
        var seen = Fields.Unknown;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref reader);
            if ((seen & field) != 0)
                throw JsonValues.Twice(NameOf(field));
            seen |= field;
            reader.Read();
            if (keep)
                Keep(ref reader, field, ref order);
            else
                Check(ref reader, field);
        }
        if ((~seen & Fields.Required) is var missing and not Fields.Unknown)
            throw JsonValues.Missing(NameOf((Fields)((int)missing & -(int)missing)));
    }

    private static void Keep(ref Utf8JsonReader reader, Fields field, ref OrderFields order)
    {
        switch (field)
        {
            case Fields.OrderId: order.OrderId = JsonValues.Text(ref reader, "orderId"); break;
            case Fields.CustomerId: order.CustomerId = JsonValues.TextOrNull(ref reader, "customerId"); break;
            case Fields.Country when reader.TokenType == JsonTokenType.Null: break;
            case Fields.Country: order.Country = JsonValues.Text(ref reader, "country", OrderFields.Countries); break;
            case Fields.Currency: order.Currency = JsonValues.Text(ref reader, "currency", OrderFields.Currencies); break;
            case Fields.Lines: order.Lines = OrderLinesDecoder.Skim(ref reader); break;
            case Fields.Total: order.Total = JsonValues.Money(ref reader, "total"); break;
            default: reader.Skip(); break;
        }
    }

    private static void Check(ref Utf8JsonReader reader, Fields field)
    {
        switch (field)
        {
            case Fields.OrderId: JsonValues.CheckText(ref reader, "orderId"); break;
            case Fields.CustomerId: JsonValues.CheckTextOrNull(ref reader, "customerId"); break;
            case Fields.Country: JsonValues.CheckTextOrNull(ref reader, "country"); break;
            case Fields.Currency: JsonValues.CheckText(ref reader, "currency"); break;
            case Fields.Lines: OrderLinesDecoder.Validate(ref reader); break;
            case Fields.Total: JsonValues.Money(ref reader, "total"); break;
            default: reader.Skip(); break;
        }
    }

    private static Fields FieldOf(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped || reader.HasValueSequence)
            return reader.ValueTextEquals("orderId"u8) ? Fields.OrderId
                : reader.ValueTextEquals("customerId"u8) ? Fields.CustomerId
                : reader.ValueTextEquals("country"u8) ? Fields.Country
                : reader.ValueTextEquals("currency"u8) ? Fields.Currency
                : reader.ValueTextEquals("lines"u8) ? Fields.Lines
                : reader.ValueTextEquals("total"u8) ? Fields.Total
                : Fields.Unknown;
        var name = reader.ValueSpan;
        return name.Length switch
        {
            5 when name.SequenceEqual("lines"u8) => Fields.Lines,
            5 when name.SequenceEqual("total"u8) => Fields.Total,
            7 when name.SequenceEqual("orderId"u8) => Fields.OrderId,
            7 when name.SequenceEqual("country"u8) => Fields.Country,
            8 when name.SequenceEqual("currency"u8) => Fields.Currency,
            10 when name.SequenceEqual("customerId"u8) => Fields.CustomerId,
            _ => Fields.Unknown,
        };
    }

    private static string NameOf(Fields field) => field switch
    {
        Fields.OrderId => "orderId",
        Fields.CustomerId => "customerId",
        Fields.Country => "country",
        Fields.Currency => "currency",
        Fields.Lines => "lines",
        _ => "total",
    };
}
