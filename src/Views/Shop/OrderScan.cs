using System.Text;
using Kappa.Json;

namespace Kappa.Shop;

/// <summary>Reads orders of the usual shape: known members only, each once, nothing escaped, no null.</summary>
internal static class OrderScan
{
    private const int CachedBytesMax = 64;
    private const int OrderId = 1, CustomerId = 2, Country = 4, Currency = 8, Lines = 16, Total = 32, Required = OrderId | Currency | Lines | Total;

    /// <summary>False if the order is of any other shape, or wrong: read it with the reader then.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out OrderFields order)
    {
        order = default;
        var scan = new JsonScan(json);
        var seen = 0;
        if (!scan.Take((byte)'{'))
            return false;
        do
        {
            var member = TakeMember(ref scan, ref order);
            if (member == 0 || (seen & member) != 0)
                return false;
            seen |= member;
        }
        while (scan.Take((byte)','));
        return scan.Take((byte)'}') && (seen & Required) == Required;
    }

    /// <summary>Goes past a member and says which it was; 0 if it is none of the usual.</summary>
    private static int TakeMember(ref JsonScan scan, ref OrderFields order)
    {
        ReadOnlySpan<byte> text;
        switch (scan.FirstOfName())
        {
            case (byte)'o' when scan.TakeName("orderId\":"u8) && scan.TakeText(out text):
                order.OrderId = Encoding.ASCII.GetString(text);
                return OrderId;
            case (byte)'c' when scan.TakeName("customerId\":"u8):
                if (!scan.TakeText(out text))
                    return 0;
                order.CustomerId = Encoding.ASCII.GetString(text);
                return CustomerId;
            case (byte)'c' when scan.TakeName("country\":"u8):
                if (!scan.TakeText(out text) || text.Length > CachedBytesMax)
                    return 0;
                order.Country = OrderFields.Countries.Get(text);
                return Country;
            case (byte)'c' when scan.TakeName("currency\":"u8):
                if (!scan.TakeText(out text) || text.Length > CachedBytesMax)
                    return 0;
                order.Currency = OrderFields.Currencies.Get(text);
                return Currency;
            case (byte)'l' when scan.TakeName("lines\":"u8):
                return TakeLines(ref scan, ref order) ? Lines : 0;
            case (byte)'t' when scan.TakeName("total\":"u8):
                return scan.TakeMoney(out order.Total) ? Total : 0;
            default:
                return 0;
        }
    }

    private static bool TakeLines(ref JsonScan scan, ref OrderFields order)
    {
        if (!scan.Take((byte)'['))
            return false;
        var (start, quantity) = (scan.At - 1, 0L);
        if (!scan.Take((byte)']'))
        {
            do
            {
                if (!TakeLine(ref scan, ref quantity))
                    return false;
            }
            while (scan.Take((byte)','));
            if (!scan.Take((byte)']'))
                return false;
        }
        order.Lines = new OrderLines(scan.From(start).ToArray(), quantity);
        return true;
    }

    private static bool TakeLine(ref JsonScan scan, ref long quantity)
    {
        if (!scan.Take((byte)'{'))
            return false;
        do
        {
            switch (scan.FirstOfName())
            {
                case (byte)'s' when scan.TakeName("sku\":"u8) && scan.SkipText():
                case (byte)'d' when scan.TakeName("description\":"u8) && scan.SkipText():
                case (byte)'u' when scan.TakeName("unitPrice\":"u8) && scan.SkipNumber():
                    break;
                case (byte)'q' when scan.TakeName("quantity\":"u8) && scan.TakeInteger(out var one):
                    quantity += one;
                    break;
                default:
                    return false;
            }
        }
        while (scan.Take((byte)','));
        return scan.Take((byte)'}');
    }
}
