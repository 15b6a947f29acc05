using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>A receptionist works in the diary by keyboard.</summary>
public class DiaryTests(ProductFixture fixture) : Story(fixture)
{
    [Fact]
    public async Task Arrow_keys_move_in_the_diary_and_the_Tab_key_stops_in_it_once()
    {
        var staff = await PersonAsync("staff");
        var page = staff.Page;
        await page.SignInAsync(Journeys.HelenBrooks, Product.Password);
        await page.GotoAsync("/practice/diary");
        var grid = page.GetByRole(AriaRole.Grid);
        var stop = grid.Locator("[tabindex='0']");
        await Expect(stop).ToHaveCountAsync(1);

        await stop.FocusAsync();
        await page.Keyboard.PressAsync("Control+Home");
        await Expect(grid.GetByRole(AriaRole.Columnheader).First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(grid.GetByRole(AriaRole.Rowheader).First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(grid.GetByRole(AriaRole.Link).First).ToBeFocusedAsync();
        await Expect(stop).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/clinics/[0-9a-f-]{36}$"));
    }
}
