using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>A time that is kept while the patient decides.</summary>
/// <param name="Until">The time of day, with the day if that is not today.</param>
/// <param name="Seconds">How long that is from now on: the browser's clock may be wrong.</param>
/// <param name="Rest">What else there is to say.</param>
public sealed record HoldView(string Until, int Seconds, string Whom, string Rest)
{
    public static HoldView Of(DateTimeOffset until, DateTimeOffset now, string whom, string rest) =>
        new(until.Date == now.ToOffset(until.Offset).Date ? until.Clock() : until.DayAndTime(), (int)Math.Max(0, Math.Ceiling((until - now).TotalSeconds)), whom, rest);
}
