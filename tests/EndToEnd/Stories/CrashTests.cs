using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>What is left after Web was killed in the middle of its work.</summary>
public class CrashTests
{
    private const int Bookings = 500;

    /// <summary>So many have been confirmed when Web is killed.</summary>
    private const int ConfirmedBeforeTheKill = 150;

    [Fact]
    public async Task Kill_9_in_the_middle_of_500_bookings_loses_and_doubles_none()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finds the service's process in /proc");
        var data = Directory.CreateTempSubdirectory("telemedicine-").FullName;
        var port = RunningProduct.FreePorts();
        var wanted = new List<Wanted>();
        var first = new Answers();
        var killed = await RunningProduct.StartAsync(data, port, "--no-build");
        try
        {
            wanted.AddRange(await ChooseAsync(data));
            using var staff = await HttpPerson.SignInAsync(killed, Journeys.HelenBrooks);
            var web = killed.Service("Telemedicine.Web");
            await BookAsync(staff, wanted, first, whenConfirmed: confirmed =>
            {
                if (confirmed == ConfirmedBeforeTheKill)
                    web.Kill();
            });
            await killed.EndedAsync();
        }
        finally
        {
            await killed.StopAsync();
        }

        // Its answer never came: it may have been done or not, but never half.
        var unanswered = wanted.Where(booking => !first.Confirmed.ContainsKey(booking)).ToList();
        var second = new Answers();
        await using (var product = await RunningProduct.StartAsync(data, port, "--no-build"))
        {
            var kept = await AppointmentsAsync(data);
            AssertWhole(kept);
            Assert.InRange(first.Confirmed.Count, ConfirmedBeforeTheKill, Bookings - 1);
            Assert.Empty(first.Refused);
            Assert.All(first.Confirmed, told => Assert.Equal((told.Value, told.Key.Patient), (kept[told.Key.Slot].Id, kept[told.Key.Slot].Patient)));
            Assert.All(kept, row => Assert.Contains(wanted, booking => booking.Slot == row.Key && booking.Patient == row.Value.Patient));
            var unknownButDone = kept.Count - first.Confirmed.Count;
            Assert.InRange(unknownButDone, 0, first.Sent - first.Confirmed.Count);

            using var staff = await HttpPerson.SignInAsync(product, Journeys.HelenBrooks);
            await BookAsync(staff, unanswered, second, whenConfirmed: _ => { });
            Assert.Empty(second.Refused);
            Assert.Equal(unanswered.Count, second.Confirmed.Count);
            var all = await AppointmentsAsync(data);
            AssertWhole(all);
            Assert.Equal(wanted.Select(booking => booking.Slot).Order(), all.Keys.Order());
            Assert.All(kept, row => Assert.Equal(row.Value.Id, all[row.Key].Id));
        }
    }

    /// <summary>One appointment a slot, each slot sold, each with its audit event, its history and its two messages.</summary>
    private static void AssertWhole(IReadOnlyDictionary<string, Kept> appointments) =>
        Assert.All(appointments, row => Assert.Equal((1, "Busy", 1, 2), (row.Value.Live, row.Value.SlotStatus, row.Value.Audits, row.Value.Messages)));

    /// <summary>Each patient's bookings one after the other, all patients at once.</summary>
    private static async Task BookAsync(HttpPerson staff, IReadOnlyList<Wanted> wanted, Answers answers, Action<int> whenConfirmed) =>
        await Task.WhenAll(wanted.GroupBy(booking => booking.Patient).Select(async bookings =>
        {
            foreach (var booking in bookings)
            {
                Interlocked.Increment(ref answers.Sent);
                try
                {
                    using var answer = await staff.PostAsync($"/practice/patients/{booking.Patient}/appointments/book/{booking.Service}/{booking.Day}/{booking.Slot}", ("Channel", "Video"));
                    var to = answer.Headers.Location?.ToString() ?? $"{(int)answer.StatusCode}";
                    if (to.EndsWith("/booked", StringComparison.Ordinal))
                    {
                        answers.Confirmed[booking] = to.Split('/')[^2];
                        whenConfirmed(Interlocked.Increment(ref answers.Count));
                    }
                    else
                    {
                        answers.Refused.Add(to);
                    }
                }
                catch (HttpRequestException)
                {
                    // Web is dead. The others of this patient are tried after the restart.
                    return;
                }
            }
        }));

    /// <summary>Free times and the patients who take them: nobody has two at once.</summary>
    private static async Task<IReadOnlyList<Wanted>> ChooseAsync(string data)
    {
        await using var db = await OpenAsync(data);
        var busy = (await RowsAsync(db, "SELECT Id FROM Patients ORDER BY Id", row => row.GetString(0).ToLowerInvariant())).ToDictionary(patient => patient, _ => new List<(DateTime Start, DateTime End)>());
        foreach (var (patient, start, end) in await RowsAsync(
            db, "SELECT PatientId, Start, \"End\" FROM Appointments WHERE Status <> 'Cancelled'", row => (row.GetString(0).ToLowerInvariant(), row.GetDateTime(1), row.GetDateTime(2))))
            busy[patient].Add((start, end));
        var slots = await RowsAsync(
            db,
            "SELECT Id, ServiceId, Day, Start, \"End\" FROM Slots WHERE Status = 'Free' AND Start > $from ORDER BY Start",
            row => (Slot: row.GetString(0).ToLowerInvariant(), Service: row.GetString(1).ToLowerInvariant(), Day: row.GetString(2), Start: row.GetDateTime(3), End: row.GetDateTime(4)),
            ("$from", TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(1)));
        var wanted = new List<Wanted>();
        foreach (var slot in slots.Take(Bookings))
        {
            var (patient, times) = busy.Where(row => row.Value.TrueForAll(time => time.Start >= slot.End || time.End <= slot.Start)).MinBy(row => row.Value.Count);
            times.Add((slot.Start, slot.End));
            wanted.Add(new Wanted(slot.Slot, slot.Service, slot.Day, patient));
        }

        Assert.Equal(Bookings, wanted.Count);
        return wanted;
    }

    /// <summary>The appointments that were made since the start, by slot.</summary>
    private static async Task<Dictionary<string, Kept>> AppointmentsAsync(string data)
    {
        await using var db = await OpenAsync(data);
        var rows = await RowsAsync(
            db,
            """
            SELECT a.SlotId, a.Id, a.PatientId, s.Status,
              (SELECT COUNT(*) FROM Appointments other WHERE other.SlotId = a.SlotId AND other.Status = 'Booked'),
              (SELECT COUNT(*) FROM AuditEvents audit WHERE audit.EntityId = a.Id AND audit.Action = 'appointment.book'),
              (SELECT COUNT(*) FROM Messages message WHERE message.AppointmentId = a.Id AND message.Kind = 'Booked')
            FROM Appointments a JOIN Slots s ON s.Id = a.SlotId
            WHERE EXISTS (SELECT 1 FROM AuditEvents made WHERE made.EntityId = a.Id AND made.Action = 'appointment.book')
            """,
            row => (Slot: row.GetString(0).ToLowerInvariant(), Kept: new Kept(row.GetString(1).ToLowerInvariant(), row.GetString(2).ToLowerInvariant(), row.GetString(3), row.GetInt32(4), row.GetInt32(5), row.GetInt32(6))));
        Assert.Equal(rows.Count, rows.DistinctBy(row => row.Slot).Count());
        return rows.ToDictionary(row => row.Slot, row => row.Kept);
    }

    private static async Task<SqliteConnection> OpenAsync(string data)
    {
        var db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "clinical.db"), Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        await db.OpenAsync(TestContext.Current.CancellationToken);
        return db;
    }

    private static async Task<List<T>> RowsAsync<T>(SqliteConnection db, string query, Func<SqliteDataReader, T> row, params (string Name, object Value)[] parameters)
    {
        await using var command = db.CreateCommand();
        command.CommandText = query;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value is DateTime time ? time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : value);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(row(reader));
        return rows;
    }

    private sealed record Wanted(string Slot, string Service, string Day, string Patient);

    private sealed record Kept(string Id, string Patient, string SlotStatus, int Live, int Audits, int Messages);

    /// <summary>What the person at the keyboard was told.</summary>
    private sealed class Answers
    {
        public int Sent;

        public int Count;

        public ConcurrentDictionary<Wanted, string> Confirmed { get; } = new();

        public ConcurrentBag<string> Refused { get; } = [];
    }
}
