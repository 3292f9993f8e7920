using System.Text.Json;
using Kappa.Events;
using Kappa.Json;

namespace Kappa.Shop;

/// <summary>Reads, checks or skims the <c>lines</c> of an order.</summary>
internal static class OrderLinesDecoder
{
    private const string List = "lines";

    [Flags]
    private enum Fields { Unknown = 0, Sku = 1, Description = 2, Quantity = 4, UnitPrice = 8, Required = Sku | Quantity | UnitPrice }

    /// <summary>All lines, of JSON that the reader has already gone over.</summary>
    public static OrderLine[] Decode(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return DecodeAll(ref reader);
    }

    /// <summary>Checks every field of every line, without allocating. The reader stands on the array and is left on its end.</summary>
    public static void Validate(ref Utf8JsonReader reader)
    {
        ExpectArray(ref reader);
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
            ReadLine(ref reader, index, make: false);
    }

    /// <summary>
    /// Goes over the lines as fast as may be and reads the quantities alone. What else is wrong with a line shows when
    /// it is first looked at; in a log whose appends were validated nothing is.
    /// </summary>
    public static OrderLines Skim(ref Utf8JsonReader reader)
    {
        ExpectArray(ref reader);
        if (!JsonSlice.IsPossible(ref reader))
            return OrderLines.Of(DecodeAll(ref reader));
        var first = reader.ValueSpan;
        var (firstAt, depth, quantity, index) = (reader.TokenStartIndex, reader.CurrentDepth, 0L, -1);
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.CurrentDepth != depth + 2 || FieldOf(ref reader) != Fields.Quantity)
                    continue;
                reader.Read();
                quantity += JsonValues.Integer(ref reader, new("quantity", List, index));
            }
            else if (reader.CurrentDepth == depth + 1 && reader.TokenType != JsonTokenType.EndObject)
            {
                index++;
                ExpectLine(ref reader, index);
            }
        }
        return new OrderLines(JsonSlice.Since(first, firstAt, ref reader).ToArray(), quantity);
    }

    private static OrderLine[] DecodeAll(ref Utf8JsonReader reader)
    {
        var lines = new List<OrderLine>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            lines.Add(ReadLine(ref reader, lines.Count, make: true)!);
        return [.. lines];
    }

    private static OrderLine? ReadLine(ref Utf8JsonReader reader, int index, bool make)
    {
        ExpectLine(ref reader, index);
        var (sku, description, quantity, unitPrice, seen) = ("", (string?)null, 0, 0m, Fields.Unknown);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref reader);
            var name = new FieldName(NameOf(field), List, index);
            if ((seen & field) != 0)
                throw JsonValues.Twice(name);
            seen |= field;
            reader.Read();
            switch (field)
            {
                case Fields.Sku when make: sku = JsonValues.Text(ref reader, name); break;
                case Fields.Sku: JsonValues.CheckText(ref reader, name); break;
                case Fields.Description when make: description = JsonValues.TextOrNull(ref reader, name); break;
                case Fields.Description: JsonValues.CheckTextOrNull(ref reader, name); break;
                case Fields.Quantity: quantity = JsonValues.Integer(ref reader, name); break;
                case Fields.UnitPrice: unitPrice = JsonValues.Money(ref reader, name); break;
                default: reader.Skip(); break;
            }
        }
        if ((~seen & Fields.Required) is var missing and not Fields.Unknown)
            throw JsonValues.Missing(new(NameOf((Fields)((int)missing & -(int)missing)), List, index));
        return make ? new OrderLine { Sku = sku, Description = description, Quantity = quantity, UnitPrice = unitPrice } : null;
    }

    private static Fields FieldOf(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped || reader.HasValueSequence)
            return reader.ValueTextEquals("sku"u8) ? Fields.Sku
                : reader.ValueTextEquals("description"u8) ? Fields.Description
                : reader.ValueTextEquals("quantity"u8) ? Fields.Quantity
                : reader.ValueTextEquals("unitPrice"u8) ? Fields.UnitPrice
                : Fields.Unknown;
        var name = reader.ValueSpan;
        return name.Length switch
        {
            3 when name.SequenceEqual("sku"u8) => Fields.Sku,
            8 when name.SequenceEqual("quantity"u8) => Fields.Quantity,
            9 when name.SequenceEqual("unitPrice"u8) => Fields.UnitPrice,
            11 when name.SequenceEqual("description"u8) => Fields.Description,
            _ => Fields.Unknown,
        };
    }

    private static string NameOf(Fields field) => field switch
    {
        Fields.Sku => "sku",
        Fields.Description => "description",
        Fields.Quantity => "quantity",
        _ => "unitPrice",
    };

    private static void ExpectLine(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new EventDataException(new FieldName("", List, index).ToString(), "must be a JSON object");
    }

    private static void ExpectArray(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new EventDataException("data.lines", "must be a JSON array of lines");
    }
}
