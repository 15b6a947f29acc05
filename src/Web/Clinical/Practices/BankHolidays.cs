using PublicHoliday;

namespace Telemedicine.Clinical.Practices;

/// <summary>Whose bank holidays a practice keeps.</summary>
public enum HolidayRegion
{
    /// <summary>None: it works on bank holidays as on any day.</summary>
    None,
    EnglandAndWales,
    Scotland,
    NorthernIreland,
}

/// <summary>The bank holidays of the United Kingdom, by their rules; one that was proclaimed once is known as far as the library knows it, and is otherwise a closure.</summary>
public static class BankHolidays
{
    /// <summary>Name by day, in order.</summary>
    public static SortedDictionary<DateOnly, string> Between(HolidayRegion region, DateOnly first, DateOnly last)
    {
        var days = new SortedDictionary<DateOnly, string>();
        if (region == HolidayRegion.None)
            return days;
        var calendar = new UKBankHoliday(region switch
        {
            HolidayRegion.Scotland => UKBankHoliday.UkCountries.Scotland,
            HolidayRegion.NorthernIreland => UKBankHoliday.UkCountries.NorthernIreland,
            _ => UKBankHoliday.UkCountries.England,
        });
        for (var year = first.Year; year <= last.Year; year++)
        {
            foreach (var (date, name) in calendar.PublicHolidayNames(year))
            {
                var day = DateOnly.FromDateTime(date);
                if (day >= first && day <= last)
                    days[day] = name;
            }
        }

        return days;
    }
}
